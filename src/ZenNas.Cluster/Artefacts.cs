using System.Security.Cryptography;
using NATS.Client.ObjectStore;
using NATS.Net;

namespace ZenNas.Cluster;

/// <summary>What is too large for a message: weights, profiles, checkpoints. Kept in the object store for a week, by name.</summary>
public sealed class Artefacts
{
    /// <summary>Name of the bucket.</summary>
    public const string Bucket = "zennas";

    private const int LongestName = 200;
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

    /// <summary>Stores bytes under a name, in place of what was there.</summary>
    /// <returns>Their SHA-256 in hexadecimal digits.</returns>
    public async Task<string> PutAsync(string name, byte[] content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        await _connection.PersistAsync(
            async () => await (await StoreAsync(cancellation).ConfigureAwait(false)).PutAsync(name, content, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    /// <summary>The bytes of a name; null where there are none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="most">Most bytes to accept.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidInputException">There are more.</exception>
    public Task<byte[]?> GetAsync(string name, long most, CancellationToken cancellation) => _connection.PersistAsync(() => ReadAsync(name, most, cancellation), cancellation);

    private async Task<byte[]?> ReadAsync(string name, long most, CancellationToken cancellation)
    {
        var store = await StoreAsync(cancellation).ConfigureAwait(false);
        try
        {
            var info = await store.GetInfoAsync(name, cancellationToken: cancellation).ConfigureAwait(false);
            return (long)info.Size <= most
                ? await store.GetBytesAsync(name, cancellation).ConfigureAwait(false)
                : throw new InvalidInputException($"artefact '{Excerpt.Of(name, LongestName)}' has {info.Size} bytes; allowed are at most {most}");
        }
        catch (NatsObjNotFoundException)
        {
            return null;
        }
    }

    private async Task<INatsObjStore> StoreAsync(CancellationToken cancellation) =>
        _store ??= await _connection.JetStream.CreateObjectStoreContext().GetObjectStoreAsync(Bucket, cancellation).ConfigureAwait(false);
}
