using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ZenNas.Torch;

namespace ZenNas.Cli.Rendering;

/// <summary>Help of a command, with examples.</summary>
internal sealed class ExamplesHelp : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> Examples = new()
    {
        ["search"] =
        [
            "zennas search --space residual --resolution 32 --classes 100 --max-params 1M --max-layers 18",
            "zennas search --space mobile --resolution 224 --classes 1000 --max-flops 400M --max-layers 14 --seed 1 --json",
            "zennas search --space residual --resolution 32 --classes 100 --max-params 1M --max-layers 18 --strategy optimal",
            "zennas search --space residual --resolution 224 --classes 1000 --max-flops 1G --max-layers 20 --score measured --nats tls://host:4222 --nats-ca ca.pem --nats-cert me.pem --nats-key me-key.pem --nats-nkey coordinator.nk",
            "zennas search --resume runs/residual-r32-s0",
        ],
        ["front"] =
        [
            "zennas front --space residual --resolution 32 --classes 100 --max-layers 18 --vary max-params=0.25M:8M:12 --out front",
            "zennas front --space mobile --resolution 224 --classes 1000 --max-layers 14 --vary max-flops=100M:800M:8 --json",
        ],
        ["score"] =
        [
            "zennas score resnet-50",
            "zennas score zennet_cifar_model_size1M_res32 --method measured --repeats 32",
            "zennas score resnet-18 --method te-nas --repeats 2",
            "zennas score \"SuperConvK3BNRELU(3,8,1,1)SuperResK3K3(8,16,2,8,1)\" --resolution 32 --json",
        ],
        ["compare"] =
        [
            "zennas compare",
            "zennas compare resnet-18 regnetx-400mf --scores flops,closed-form,naswot --resolution 64 --repeats 5 --json",
        ],
        ["correlate"] =
        [
            "zennas correlate nets.csv --network-column structure --target-column accuracy",
            "zennas correlate baselines.csv --network-column name --target-column top1_err --lower-is-better --group-column family --resolution 64 --out study",
        ],
        ["describe"] =
        [
            "zennas describe zennet_imagenet1k_flops400M_res224 --se",
            "zennas describe regnety-1.6gf --counting pycls",
            "zennas describe runs/residual-r32-s0/best.json --layers --json",
        ],
        ["export"] =
        [
            "zennas export resnet-18 --out resnet-18.onnx",
            "zennas export zennet_imagenet1k_flops400M_res224 --se --features --batch 1 --out backbone.onnx --json",
            "zennas export runs/mobile-r224-s0/best.json --format pytorch --out mynet && python3 mynet/model.py",
            "zennas export resnet-18 --format safetensors --seed 1 --out resnet-18.safetensors",
            "zennas export resnet-18 --weights resnet-18.safetensors --keep-batch-norm --out resnet-18.onnx",
        ],
        ["zennas"] = ["zennas search --space residual --resolution 32 --classes 100 --max-params 1M --max-layers 18", "zennas score resnet-50"],
        ["latency"] =
        [
            "zennas latency measure resnet-18",
            "zennas latency profile --space residual --resolution 224 --threads 2 --out cpu.json",
            "zennas search --space residual --resolution 224 --classes 1000 --max-latency 40ms --max-layers 14 --latency-profile cpu.json",
        ],
        ["measure"] = ["zennas latency measure resnet-18 --threads 2 --json", "zennas latency measure zennet_imagenet1k_latency01ms_res224 --runtime torch --protocol paper"],
        ["profile"] = ["zennas latency profile --space mobile --resolution 224 --threads 1 --out phone.json", "zennas latency profile --space mine.json --resolution 64 --minutes 5 --out mine-cpu.json"],
        ["predict"] = ["zennas latency predict runs/residual-r224-s0/best.json --profile cpu.json"],
        ["train"] =
        [
            "zennas train runs/residual-r28-s0/best.json --data /usr/share/datasets/fashion-mnist --recipe quick",
            "zennas train zennet_cifar_model_size1M_res32 --data cifar-100-binary --recipe cifar --epochs 180 --set mixup=0",
            "zennas train best.json --data imagenet --recipe imagenet --teacher teacher.onnx --out runs/distilled",
            "zennas train --resume runs/train-fashion-mnist-s0",
        ],
        ["evaluate"] = ["zennas evaluate runs/residual-r28-s0/best.json --weights runs/train-fashion-mnist-s0/weights.safetensors --data /usr/share/datasets/fashion-mnist"],
        ["augment"] = ["zennas augment --data /usr/share/datasets/fashion-mnist --recipe quick --out sheet.png"],
        ["recipe"] = ["zennas recipe cifar > mine.json && zennas train best.json --data cifar-10-batches-bin --recipe mine.json"],
        ["latency evaluate"] = ["zennas latency evaluate --profile cpu.json --networks 40 --json"],
        ["worker"] =
        [
            "zennas worker --nats nats://localhost:4222",
            "zennas worker --nats tls://host:4222 --nats-ca ca.pem --nats-cert worker.pem --nats-key worker-key.pem --nats-nkey worker.nk --slots 4",
            "zennas worker --nats tls://host:4222 --nats-ca ca.pem --nats-creds worker.creds --kinds latency --device-class raspberry-pi-5",
        ],
        ["workers"] = ["zennas workers --nats nats://localhost:4222", "zennas workers --nats tls://host:4222 --nats-ca ca.pem --nats-cert me.pem --nats-key me-key.pem --nats-nkey coordinator.nk --json"],
        ["zoo"] = ["zennas zoo --json"],
        ["space"] = ["zennas space residual > mine.json && zennas search --space mine.json --resolution 32 --classes 10"],
    };

    private static readonly string[] TakeProxies = ["search", "score", "compare", "correlate"];

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var code = new HelpAction().Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = NameOf(parseResult.CommandResult.Command);
        if (TakeProxies.Contains(command))
        {
            var infos = TorchScores.Catalog.Infos;
            var width = infos.Max(i => i.Name.Length);
            Write(output, "Proxies:", infos.Select(i => $"{i.Name.PadRight(width)}  {ProxyView.Summary(i)}"));
        }

        if (Examples.TryGetValue(command, out var lines))
        {
            Write(output, "Examples:", lines);
        }

        return code;
    }

    /// <summary>Two commands may have the same name in different places.</summary>
    private static string NameOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent && Examples.ContainsKey($"{parent.Name} {command.Name}") ? $"{parent.Name} {command.Name}" : command.Name;

    private static void Write(TextWriter output, string title, IEnumerable<string> lines)
    {
        output.WriteLine(title);
        foreach (var line in lines)
        {
            output.WriteLine($"  {line}");
        }

        output.WriteLine();
    }
}
