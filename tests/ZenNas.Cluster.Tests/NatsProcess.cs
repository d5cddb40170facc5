using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ZenNas.Cluster.Tests;

/// <summary>The real nats-server on a free port, with a store that outlives restarts.</summary>
internal sealed class NatsProcess : IDisposable
{
    private const string Program = "nats-server";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zennas-nats-");
    private readonly string[] _arguments;
    private readonly StringBuilder _log = new();
    private readonly IReadOnlyDictionary<string, string> _environment;
    private Process? _process;

    public NatsProcess(Func<string, string[]> arguments, IReadOnlyDictionary<string, string> environment)
    {
        (_arguments, _environment) = (arguments(_folder.FullName), environment);
        Port = FreePort();
        Start();
    }

    /// <summary>Whether the program is on this machine.</summary>
    public static bool IsInstalled => Folders.Any(folder => File.Exists(Path.Combine(folder, Program)));

    public int Port { get; }

    public string Url => $"nats://127.0.0.1:{Port}";

    /// <summary>Processor time since it was started last.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    // Debian puts it where only root looks.
    private static IEnumerable<string> Folders => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Append("/usr/sbin");

    public static NatsProcess Plain() => new(folder => ["-js", "-sd", folder], new Dictionary<string, string>());

    public void Start()
    {
        var start = new ProcessStartInfo(Folders.Select(folder => Path.Combine(folder, Program)).First(File.Exists), [.. _arguments, "-a", "127.0.0.1", "-p", $"{Port}"]) { RedirectStandardError = true };
        start.Environment["ZENNAS_STORE"] = _folder.FullName;
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        _process = process;
        WaitUntilOpen();
    }

    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            Kill();
        }

        _folder.Delete(recursive: true);
    }

    private void WaitUntilOpen()
    {
        var clock = Stopwatch.StartNew();
        while (!IsOpen())
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(20) || _process!.HasExited)
            {
                _process!.WaitForExit(1000);
                throw new InvalidOperationException($"nats-server did not start: {Log}");
            }

            Thread.Sleep(20);
        }
    }

    private string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    private bool IsOpen()
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
