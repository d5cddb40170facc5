using NATS.Client.Core;
using NATS.NKeys;

namespace ZenNas.Cluster;

/// <summary>Where a NATS server is, and the files by which one proves who one is. Nothing secret is ever part of a URL.</summary>
public sealed record ServerOptions
{
    private const long LargestFile = 1 << 20;
    private static readonly TimeSpan LongestReconnectWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstReconnectWait = TimeSpan.FromMilliseconds(100);

    /// <summary>One or more URLs of one cluster with commas between them, each <c>nats://host:port</c> or <c>tls://host:port</c>.</summary>
    public required string Url { get; init; }

    /// <summary>PEM file of the authority that signed the server's certificate; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file of the own certificate, for mutual TLS.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of the own certificate's key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Credentials file (JWT and seed) of a user.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>File whose first line is a user's NKey seed, as <c>nsc</c> and <c>nk</c> write it.</summary>
    public string? NKeyFile { get; init; }

    /// <summary>Whether the connection is encrypted or refused.</summary>
    public bool NeedsTls => CaFile is not null || CertificateFile is not null || Url.Split(',').Any(url => url.StartsWith("tls://", StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns the options, or throws where they can't be used.</summary>
    /// <exception cref="InvalidInputException">A URL isn't one, holds a password, or a file can't be read.</exception>
    public ServerOptions Checked()
    {
        foreach (var url in Url.Split(','))
        {
            CheckUrl(url);
        }

        if (CertificateFile is null != KeyFile is null)
        {
            throw new InvalidInputException("only one of --nats-cert and --nats-key is given; allowed are both or none");
        }

        if (CredentialsFile is not null && NKeyFile is not null)
        {
            throw new InvalidInputException("--nats-creds and --nats-nkey are given; allowed is one of them");
        }

        CheckFile("--nats-ca", CaFile);
        CheckFile("--nats-cert", CertificateFile);
        CheckFile("--nats-key", KeyFile);
        CheckFile("--nats-creds", CredentialsFile);
        CheckFile("--nats-nkey", NKeyFile);
        return this;
    }

    internal NatsOpts ToNats(string name, string inboxPrefix) => NatsOpts.Default with
    {
        Url = Url,
        Name = name,
        InboxPrefix = inboxPrefix,
        TlsOpts = new NatsTlsOpts
        {
            CaFile = CaFile,
            CertFile = CertificateFile,
            KeyFile = KeyFile,
            // Where a server offers TLS, it is used; where it was asked for, nothing else will do.
            Mode = NeedsTls ? TlsMode.Require : TlsMode.Prefer,
        },
        AuthOpts = NKeyFile is null ? new NatsAuthOpts { CredsFile = CredentialsFile } : ReadNKey(NKeyFile),
        ReconnectWaitMin = FirstReconnectWait,
        ReconnectWaitMax = LongestReconnectWait,
        MaxReconnectRetry = -1,
        SubPendingChannelFullMode = System.Threading.Channels.BoundedChannelFullMode.Wait,
    };

    // The client's own reader of such files wants the public key beside the seed, which the usual tools don't write.
    private static NatsAuthOpts ReadNKey(string path)
    {
        var seed = File.ReadLines(path).FirstOrDefault()?.Trim() ?? "";
        try
        {
            using var pair = KeyPair.FromSeed(seed);
            return new NatsAuthOpts { NKey = pair.GetPublicKey(), Seed = seed };
        }
        catch (Exception e) when (e is NKeysException or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            // The cause isn't kept: its message may quote the seed.
            throw new InvalidInputException($"--nats-nkey is '{Excerpt.Of(path, 100)}', whose first line isn't an NKey seed; allowed is a user's seed, SU…");
        }
    }

    private static void CheckUrl(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("nats" or "tls") || uri.Host.Length == 0)
        {
            throw new InvalidInputException($"--nats is '{Excerpt.Of(WithoutUser(url), 100)}'; allowed is nats://host:port or tls://host:port, several with commas between them");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw new InvalidInputException("--nats holds a user or token, which a command line shows to everybody; allowed are --nats-creds and --nats-nkey with a file");
        }
    }

    private static string WithoutUser(string url) => url.Contains('@', StringComparison.Ordinal) ? "…" + url[url.LastIndexOf('@')..] : url;

    private static void CheckFile(string option, string? path)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > LargestFile)
            {
                throw new InvalidInputException($"{option} is '{Excerpt.Of(path, 100)}' with {stream.Length} bytes; allowed are at most {LargestFile}");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidInputException($"{option} is '{Excerpt.Of(path, 100)}', which can't be read; allowed is a file that can", e);
        }
    }
}
