using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace ZenNas.Cluster;

/// <summary>
/// The two streams: jobs, each of which leaves when a worker acknowledges it, and results; both stay for a week at most. A subject names one attempt
/// at one job and holds at most one message, so neither a job nor its result can be there twice, however often it is published.
/// </summary>
internal static class Streams
{
    public const string Jobs = "ZENNAS_JOBS";
    public const string Results = "ZENNAS_RESULTS";
    public const string JobSubjects = "zennas.jobs.";
    public const string ResultSubjects = "zennas.results.";

    /// <summary>Largest message in bytes; larger things go to the object store.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>The same without headers.</summary>
    public const int MostContent = MostBytes - (4 << 10);

    private const int MostJobs = 1_000_000;
    private const int NotFound = 404;
    private const int StoreFailed = 10077;
    private const string SubjectIsFull = "maximum messages per subject exceeded";
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);
    private static readonly TimeSpan DuplicateWindow = TimeSpan.FromMinutes(2);

    /// <summary>How long a worker may be silent before its job goes to another one.</summary>
    public static readonly TimeSpan AckWait = TimeSpan.FromSeconds(10);

    public static string JobSubject(string queue, string run, string job, int attempt) => $"{JobSubjects}{queue}.{run}.{job}.{attempt}";

    public static string ResultSubject(string run, string job, int attempt) => $"{ResultSubjects}{run}.{job}.{attempt}";

    /// <summary>Makes the streams where they aren't there.</summary>
    public static async Task EnsureAsync(ClusterConnection connection, CancellationToken cancellation)
    {
        await EnsureAsync(
            connection,
            new StreamConfig(Jobs, [JobSubjects + ">"])
            {
                Description = "zennas: jobs that wait for a worker",
                Retention = StreamConfigRetention.Workqueue,
                MaxMsgs = MostJobs,
                MaxAge = KeptFor,
                MaxMsgsPerSubject = 1,
                MaxMsgSize = MostBytes,
                Discard = StreamConfigDiscard.New,
                DiscardNewPerSubject = true,
                DuplicateWindow = DuplicateWindow,
            },
            cancellation).ConfigureAwait(false);
        await EnsureAsync(
            connection,
            new StreamConfig(Results, [ResultSubjects + ">"])
            {
                Description = "zennas: results of jobs",
                MaxAge = KeptFor,
                MaxMsgsPerSubject = 1,
                MaxMsgSize = MostBytes,
                Discard = StreamConfigDiscard.New,
                DiscardNewPerSubject = true,
                DuplicateWindow = DuplicateWindow,
            },
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes a stream where it isn't there; what an operator changed in one stays, such as replicas.</summary>
    private static Task<INatsJSStream> EnsureAsync(ClusterConnection connection, StreamConfig config, CancellationToken cancellation) => connection.PersistAsync(
        async () =>
        {
            try
            {
                return await connection.JetStream.GetStreamAsync(config.Name!, cancellationToken: cancellation).ConfigureAwait(false);
            }
            catch (NatsJSApiException e) when (e.Error.Code == NotFound)
            {
                return await connection.JetStream.CreateStreamAsync(config, cancellation).ConfigureAwait(false);
            }
        },
        cancellation);

    /// <summary>Makes the consumer from which the workers of a queue pull.</summary>
    public static Task EnsureQueueAsync(ClusterConnection connection, string queue, CancellationToken cancellation) =>
        connection.PersistAsync(async () => await connection.JetStream.CreateOrUpdateConsumerAsync(
            Jobs,
            new ConsumerConfig(queue)
            {
                FilterSubject = $"{JobSubjects}{queue}.>",
                AckPolicy = ConsumerConfigAckPolicy.Explicit,
                AckWait = AckWait,
                MaxDeliver = -1,
                MaxAckPending = -1,
            },
            cancellation).ConfigureAwait(false), cancellation);

    public static bool IsThereAlready(ApiError error) => error.ErrCode == StoreFailed && error.Description?.Contains(SubjectIsFull, StringComparison.OrdinalIgnoreCase) == true;
}
