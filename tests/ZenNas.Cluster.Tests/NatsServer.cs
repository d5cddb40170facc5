using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ZenNas.Cluster.Tests;

/// <summary>The real nats-server on a free port, with a store that outlives restarts.</summary>
internal sealed class NatsServer : IDisposable
{
    private const string Program = "nats-server";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zennas-nats-");
    private readonly string[] _arguments;
    private readonly StringBuilder _log = new();
    private readonly IReadOnlyDictionary<string, string> _environment;
    private Process? _process;

    private NatsServer(Func<string, string[]> arguments, IReadOnlyDictionary<string, string> environment)
    {
        (_arguments, _environment) = (arguments(_folder.FullName), environment);
        Port = FreePort();
        Start();
    }

    public int Port { get; }

    public string Url => $"nats://127.0.0.1:{Port}";

    public ServerOptions Options => new() { Url = Url };

    public static NatsServer Plain() => Checked(folder => ["-js", "-sd", folder], new Dictionary<string, string>());

    /// <summary>The configuration that ships, which gets its secrets from the environment.</summary>
    public static NatsServer Secured(TestCertificates certificates) => Checked(_ => ["-c", Path.Combine(AppContext.BaseDirectory, "nats-server.conf")], certificates.Environment);

    public void Start()
    {
        var start = new ProcessStartInfo(Program, [.. _arguments, "-a", "127.0.0.1", "-p", $"{Port}"]) { RedirectStandardError = true };
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

    private static NatsServer Checked(Func<string, string[]> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var isThere = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Append("/usr/sbin").Any(folder => File.Exists(Path.Combine(folder, Program)));
        Assert.SkipUnless(isThere, "needs Debian's nats-server");
        return new NatsServer(arguments, environment);
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
