namespace ZenNas.Cluster.Tests;

/// <summary>A server for a test, which is skipped where there is none.</summary>
internal sealed class NatsServer : IDisposable
{
    private readonly NatsProcess _process;

    private NatsServer(NatsProcess process) => _process = process;

    public int Port => _process.Port;

    public string Url => _process.Url;

    public ServerOptions Options => new() { Url = Url };

    public static NatsServer Plain() => Checked(NatsProcess.Plain);

    public static NatsServer WithoutJetStream() => Checked(() => new NatsProcess(_ => [], new Dictionary<string, string>()));

    /// <summary>The configuration that ships, which gets its secrets from the environment.</summary>
    public static NatsServer Secured(TestCertificates certificates) =>
        Checked(() => new NatsProcess(_ => ["-c", Path.Combine(AppContext.BaseDirectory, "nats-server.conf")], certificates.Environment));

    /// <summary>One that knows users by an operator's accounts.</summary>
    public static NatsServer Of(TestOperator known) => Checked(() => new NatsProcess(_ => ["-c", known["server.conf"]], new Dictionary<string, string>()));

    public void Start() => _process.Start();

    public void Kill() => _process.Kill();

    public void Dispose() => _process.Dispose();

    private static NatsServer Checked(Func<NatsProcess> start)
    {
        Assert.SkipUnless(NatsProcess.IsInstalled, "needs Debian's nats-server");
        return new NatsServer(start());
    }
}
