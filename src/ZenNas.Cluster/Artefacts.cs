using System.Security.Cryptography;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.ObjectStore;
using NATS.Client.ObjectStore.Models;
using NATS.Net;

namespace ZenNas.Cluster;

/// <summary>What is too large for a message: weights, profiles, checkpoints. Kept in the object store for a week, by name.</summary>
public sealed class Artefacts
{
    /// <summary>Name of the bucket.</summary>
    public const string Bucket = "zennas";

    private const string StreamName = "OBJ_" + Bucket;
    private const string DigestPrefix = "SHA-256=";
    private const int LongestName = 200;
    private const int NotFound = 404;
    private const int MostReads = 10;
    private static readonly TimeSpan UntilNextRead = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    private readonly ClusterConnection _connection;
    private INatsObjStore? _store;

    /// <param name="connection">To the server that keeps them.</param>
    public Artefacts(ClusterConnection connection) => _connection = connection;

    /// <summary>Whether a text can name an artefact.</summary>
    public static bool IsName(string text) =>
        text is { Length: > 0 and <= LongestName } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '/' or '_');

    /// <summary>Makes the bucket where it isn't there; a coordinator's task.</summary>
    public async Task EnsureAsync(CancellationToken cancellation) => _store = await _connection.PersistAsync(
        async () => await _connection.JetStream.CreateObjectStoreContext().CreateObjectStoreAsync(
            new NatsObjConfig(Bucket) { Description = "zennas: weights, profiles, checkpoints", MaxAge = KeptFor }, cancellation).ConfigureAwait(false),
        cancellation).ConfigureAwait(false);

    /// <summary>Stores bytes under a name, in place of what was there; the same bytes aren't sent again.</summary>
    /// <returns>Their SHA-256 in hexadecimal digits.</returns>
    public async Task<string> PutAsync(string name, byte[] content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        var hash = SHA256.HashData(content);
        await _connection.PersistAsync(
            async () =>
            {
                var store = await StoreAsync(cancellation).ConfigureAwait(false);
                var there = await FindAsync(store, name, cancellation).ConfigureAwait(false);
                return there is not null && IsOf(there, hash) && !IsOld(there) ? there : await store.PutAsync(name, content, cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>The bytes of a name; null where there are none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="most">Most bytes to accept.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidInputException">There are more, or they change all the time.</exception>
    public async Task<byte[]?> GetAsync(string name, long most, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MostReads; attempt++)
        {
            var (isThere, content) = await _connection.PersistAsync(() => ReadAsync(name, most, cancellation), cancellation).ConfigureAwait(false);
            if (content is not null || !isThere)
            {
                return content;
            }

            await Task.Delay(UntilNextRead, cancellation).ConfigureAwait(false);
        }

        throw new InvalidInputException($"artefact '{Excerpt.Of(name, LongestName)}' changed {MostReads} times while it was read, or is damaged; allowed is one that the server has whole");
    }

    /// <summary>Reads chunk by chunk, by requests that each have an answer; the content is null where it was replaced meanwhile.</summary>
    private async Task<(bool IsThere, byte[]? Content)> ReadAsync(string name, long most, CancellationToken cancellation)
    {
        var info = await FindAsync(await StoreAsync(cancellation).ConfigureAwait(false), name, cancellation).ConfigureAwait(false);
        if (info is null)
        {
            return (false, null);
        }

        if (info.Size > (ulong)Math.Min(most, Array.MaxLength))
        {
            throw new InvalidInputException($"artefact '{Excerpt.Of(name, LongestName)}' has {info.Size} bytes; allowed are at most {most}");
        }

        // The size is what its sender says: no chunk is read beyond it.
        var stream = await _connection.JetStream.GetStreamAsync(StreamName, cancellationToken: cancellation).ConfigureAwait(false);
        var content = new byte[info.Size];
        var filled = 0;
        ulong next = 1;
        while (filled < content.Length)
        {
            if (await ChunkAsync(stream, info, next, cancellation).ConfigureAwait(false) is not { Data.Length: > 0 } chunk || chunk.Data.Length > content.Length - filled)
            {
                return (true, null);
            }

            chunk.Data.Span.CopyTo(content.AsSpan(filled));
            filled += chunk.Data.Length;
            next = chunk.Seq + 1;
        }

        return (true, IsOf(info, SHA256.HashData(content)) ? content : null);
    }

    private static async Task<StoredMessage?> ChunkAsync(INatsJSStream stream, ObjectMetadata info, ulong from, CancellationToken cancellation)
    {
        try
        {
            var request = new StreamMsgGetRequest { NextBySubj = $"$O.{Bucket}.C.{info.Nuid}", Seq = from };
            return (await stream.GetAsync(request, cancellation).ConfigureAwait(false)).Message;
        }
        catch (NatsJSApiException e) when (e.Error.Code == NotFound)
        {
            return null;
        }
    }

    private static async Task<ObjectMetadata?> FindAsync(INatsObjStore store, string name, CancellationToken cancellation)
    {
        try
        {
            return await store.GetInfoAsync(name, cancellationToken: cancellation).ConfigureAwait(false);
        }
        catch (NatsObjNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether it may expire while somebody still needs it.</summary>
    private static bool IsOld(ObjectMetadata info) => TimeProvider.System.GetUtcNow() - info.MTime > KeptFor / 2;

    /// <summary>Whether an object holds what has this SHA-256; the store writes it in base 64 for URLs, with or without padding.</summary>
    private static bool IsOf(ObjectMetadata info, byte[] hash) =>
        info.Digest?.TrimEnd('=') == DigestPrefix + Convert.ToBase64String(hash).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private async Task<INatsObjStore> StoreAsync(CancellationToken cancellation) =>
        _store ??= await _connection.JetStream.CreateObjectStoreContext().GetObjectStoreAsync(Bucket, cancellation).ConfigureAwait(false);
}
