using System.Diagnostics;
using NATS.Client.JetStream;
using ZenNas.Cluster.Messages;

namespace ZenNas.Cluster.Working;

/// <summary>A job as the server gave it to this worker.</summary>
/// <param name="message">To be acknowledged.</param>
/// <param name="subject">What its subject says.</param>
internal sealed class Delivery(INatsJSMsg<byte[]> message, JobSubject subject)
{
    private readonly long _since = Stopwatch.GetTimestamp();
    private volatile JobOutcome? _outcome;

    public INatsJSMsg<byte[]> Message => message;

    public JobSubject Subject => subject;

    /// <summary>What came of it; null as long as it is being done.</summary>
    public JobOutcome? Outcome
    {
        get => _outcome;
        set => _outcome = value;
    }

    /// <summary>Seconds since it came.</summary>
    public double Seconds => Stopwatch.GetElapsedTime(_since).TotalSeconds;
}
