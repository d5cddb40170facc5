using System.Diagnostics;
using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Net;

namespace ZenNas.Cluster;

/// <summary>A connection to a NATS server with JetStream; it comes back by itself after the server did. Safe for concurrent use.</summary>
public sealed class ClusterConnection : IAsyncDisposable
{
    // Replies to a coordinator are none of a worker's business, so each kind of user has inboxes of its own.
    private const string CoordinatorInbox = "_INBOX_coordinator";
    private const string WorkerInbox = "_INBOX_worker";
    private const string Violation = "Permissions Violation";

    private static readonly TimeSpan PatienceWithConnecting = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PatienceWithJetStream = TimeSpan.FromSeconds(8);

    private readonly NatsConnection _connection;
    private volatile string? _refusal;

    private ClusterConnection(NatsConnection connection, string url, bool isWorker)
    {
        (_connection, Url) = (connection, url);
        JetStream = connection.CreateJetStreamContext();
        connection.ServerError += (_, e) =>
        {
            // A worker can't answer after the server was restarted what it was asked before; that is nobody's fault.
            if (e.Error.Contains(Violation, StringComparison.OrdinalIgnoreCase) && !(isWorker && e.Error.Contains($"Publish to \"{CoordinatorInbox}", StringComparison.OrdinalIgnoreCase)))
            {
                _refusal = e.Error;
            }

            return ValueTask.CompletedTask;
        };
    }

    /// <summary>Where the server is.</summary>
    public string Url { get; }

    internal NatsConnection Nats => _connection;

    internal INatsJSContext JetStream { get; }

    /// <summary>Connects as a coordinator, who makes jobs and reads results.</summary>
    /// <exception cref="InvalidInputException">The server can't be reached, or refuses.</exception>
    public static async Task<ClusterConnection> CoordinatorAsync(ServerOptions options, CancellationToken cancellation)
    {
        var connection = await OpenAsync(options, "zennas coordinator", CoordinatorInbox, cancellation).ConfigureAwait(false);
        try
        {
            await connection.CheckJetStreamAsync(cancellation).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Connects as a worker, who takes jobs and publishes results.</summary>
    /// <exception cref="InvalidInputException">The server can't be reached, or refuses.</exception>
    public static Task<ClusterConnection> WorkerAsync(ServerOptions options, CancellationToken cancellation) => OpenAsync(options, "zennas worker", WorkerInbox, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>Publishes to a stream until it is stored there, whatever happens to the server meanwhile.</summary>
    /// <param name="subject">Where to.</param>
    /// <param name="message">What.</param>
    /// <param name="id">By which the server knows the same message again.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="headers">Makes its headers; each attempt sends its own.</param>
    /// <returns>Whether it was stored now; otherwise it was there already.</returns>
    /// <exception cref="InvalidInputException">The server doesn't let this user publish there, or the message is too large for it.</exception>
    internal async Task<bool> PublishAsync(string subject, byte[] message, string id, CancellationToken cancellation, Func<NatsHeaders>? headers = null)
    {
        if (message.Length > Streams.MostContent)
        {
            throw new InvalidInputException($"a message has {message.Length} bytes; allowed are at most {Streams.MostContent}");
        }

        for (var attempt = 0; ; attempt++)
        {
            ThrowIfRefused();
            try
            {
                var ack = await JetStream.PublishAsync(subject, message, opts: new NatsJSPubOpts { MsgId = id, RetryAttempts = 1 }, headers: headers?.Invoke(), cancellationToken: cancellation).ConfigureAwait(false);
                if (ack.Error is null)
                {
                    return !ack.Duplicate;
                }

                if (Streams.IsThereAlready(ack.Error))
                {
                    return false;
                }

                TellWaiting($"'{subject}' isn't stored yet: {ack.Error.Description}");
            }
            catch (NatsPayloadTooLargeException e)
            {
                throw new InvalidInputException($"a message of {message.Length} bytes is larger than the server allows ({e.Message}); allowed is a server with a larger max_payload", e);
            }
            catch (Exception e) when (IsPassing(e, cancellation))
            {
                TellWaiting($"'{subject}' isn't stored yet: {e.Message}");
            }

            ThrowIfRefused();
            await Task.Delay(Backoff(attempt), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Does something that the server has to answer until it does.</summary>
    internal async Task<T> PersistAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            ThrowIfRefused();
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (Exception e) when (IsPassing(e, cancellation))
            {
                TellWaiting(e.Message);
                ThrowIfRefused();
                await Task.Delay(Backoff(attempt), cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether an exception comes from a server that is away for the moment; JetStream's own refusals don't.</summary>
    internal static bool IsPassing(Exception e, CancellationToken cancellation) => !cancellation.IsCancellationRequested && e switch
    {
        NatsJSApiException api => api.Error.Code is 503,
        NatsException or TimeoutException or OperationCanceledException or IOException => true,
        _ => false,
    };

    /// <summary>Raised when the server didn't do what it was asked and is asked again, with the reason.</summary>
    public event Action<string>? Waiting;

    internal void TellWaiting(string reason) => Waiting?.Invoke(reason);

    /// <exception cref="InvalidInputException">The server forbade something.</exception>
    internal void ThrowIfRefused()
    {
        if (_refusal is { } refusal)
        {
            throw new InvalidInputException($"--nats: the server doesn't allow this user what it has to do ({Excerpt.Of(refusal, 200)}); allowed is a user with the permissions in deploy/nats-server.conf");
        }
    }

    /// <summary>A server that has only just started may need a moment; one without JetStream never answers.</summary>
    /// <exception cref="InvalidInputException">It has none.</exception>
    private async Task CheckJetStreamAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(PatienceWithJetStream);
        var reason = "no answer";
        Waiting += Note;
        try
        {
            await PersistAsync(async () => await JetStream.GetAccountInfoAsync(patience.Token).ConfigureAwait(false), patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is NatsException or OperationCanceledException)
        {
            throw new InvalidInputException(
                $"--nats is '{Excerpt.Of(Url, 200)}', where JetStream doesn't answer ({Excerpt.Of(e is OperationCanceledException ? reason : e.Message, 200)}); allowed is a server with JetStream, for example nats-server -js", e);
        }
        finally
        {
            Waiting -= Note;
        }

        void Note(string waiting) => reason = waiting;
    }

    private static TimeSpan Backoff(int attempt) => TimeSpan.FromMilliseconds(Math.Min(2000, 50 << Math.Min(attempt, 6)));

    /// <summary>A server that is being started again gets a moment.</summary>
    private static async Task<ClusterConnection> OpenAsync(ServerOptions options, string name, string inboxPrefix, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = options.Checked().ToNats(name, inboxPrefix);
        var began = Stopwatch.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var connection = new NatsConnection(settings);
            try
            {
                await connection.ConnectAsync().AsTask().WaitAsync(cancellation).ConfigureAwait(false);
                return new ClusterConnection(connection, options.Url, inboxPrefix == WorkerInbox);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                if (IsRefusal(e) || Stopwatch.GetElapsedTime(began) > PatienceWithConnecting)
                {
                    throw new InvalidInputException(
                        $"--nats is '{Excerpt.Of(options.Url, 200)}', which can't be used ({Reason(e)}); allowed is a NATS server that is reachable and knows this user", e);
                }
            }
            catch
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                throw;
            }

            await Task.Delay(Backoff(attempt), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the server itself said no.</summary>
    private static bool IsRefusal(Exception? e) => e is not null && (e is NatsServerException || IsRefusal(e.InnerException));

    /// <summary>The innermost message says what went wrong, the outer ones where.</summary>
    private static string Reason(Exception e)
    {
        var text = new StringBuilder(e.Message);
        for (var inner = e.InnerException; inner is not null; inner = inner.InnerException)
        {
            text.Append(": ").Append(inner.Message);
        }

        return Excerpt.Of(text.ToString().ReplaceLineEndings(" "), 300);
    }
}
