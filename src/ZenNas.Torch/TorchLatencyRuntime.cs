using System.Diagnostics;
using TorchSharp;
using ZenNas.Architectures;
using ZenNas.Latency;
using ZenNas.Scores;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Torch;

/// <summary>libtorch: channels-last maps, batch normalisation folded, inference mode.</summary>
public sealed class TorchLatencyRuntime : ILatencyRuntime
{
    /// <summary>Name of the runtime.</summary>
    public const string Name = "torch";

    private const ulong ImageSeed = 1;

    /// <summary>Chooses the conditions.</summary>
    /// <exception cref="InvalidInputException">Batch size or threads aren't positive, or there is no such device.</exception>
    public TorchLatencyRuntime(int batchSize, int threads, Precision precision, string device)
    {
        if (batchSize < 1 || threads < 1)
        {
            throw new InvalidInputException($"batch size is {batchSize} and threads are {threads}; allowed are positive numbers");
        }

        TorchRuntime.Initialize();
        Device = TorchDevices.Parse(device);
        Conditions = new LatencyConditions(Name, torch.__version__, device, batchSize, threads, precision, Waiting: null);
    }

    /// <inheritdoc/>
    public LatencyConditions Conditions { get; }

    private Device Device { get; }

    /// <inheritdoc/>
    public ILoadedNetwork Load(Network network) => new Loaded(network, this);

    private sealed class Loaded : ILoadedNetwork
    {
        private readonly TorchLatencyRuntime _runtime;
        private readonly int _layers;
        private readonly InferenceNetwork _network;
        private readonly Tensor _images;

        public Loaded(Network network, TorchLatencyRuntime runtime)
        {
            (_runtime, _layers) = (runtime, network.Layers.Length);
            set_num_threads(runtime.Conditions.Threads);
            var type = runtime.Conditions.Precision == Precision.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32;
            _network = new InferenceNetwork(NetworkWeights.Repeating(network).FoldBatchNorms(), type, runtime.Device);
            _images = new RandomTensors(ImageSeed, runtime.Device).Images(network.Architecture, runtime.Conditions.BatchSize, type);
        }

        public void Run() => Run(null);

        public double[] LayerMs(int runs, CancellationToken cancellation)
        {
            var times = Enumerable.Range(0, _layers).Select(_ => new List<double>()).ToArray();
            for (var run = 0; run < runs; run++)
            {
                cancellation.ThrowIfCancellationRequested();
                var last = Stopwatch.GetTimestamp();
                Run(layer =>
                {
                    Synchronize();
                    var now = Stopwatch.GetTimestamp();
                    times[layer].Add(Stopwatch.GetElapsedTime(last, now).TotalMilliseconds);
                    last = now;
                });
            }

            return [.. times.Select(t => t.Order().ElementAt(t.Count / 2))];
        }

        public void Dispose()
        {
            _images.Dispose();
            _network.Dispose();

            // Scores rely on it.
            set_num_threads(1);
        }

        private void Run(Action<int>? computed)
        {
            using var mode = inference_mode();
            using var scope = NewDisposeScope();
            _network.Logits(_images, computed);
            Synchronize();
        }

        private void Synchronize()
        {
            if (_runtime.Device.type == DeviceType.CUDA)
            {
                cuda.synchronize(_runtime.Device);
            }
        }
    }
}
