using System.CommandLine;
using ZenNas.Cluster;

namespace ZenNas.Cli.Input;

/// <summary>The options that say which NATS server to use, and who one is there.</summary>
internal sealed class NatsOptions
{
    /// <summary>Name of the option that the others need.</summary>
    public const string UrlName = "--nats";

    private readonly Option<string?> _url;
    private readonly Option<string?> _ca = Options.Text("--nats-ca", "PEM file of the authority that signed the server's certificate. [default: the system's]", "FILE");
    private readonly Option<string?> _certificate = Options.Text("--nats-cert", "PEM file of your certificate, for mutual TLS.", "FILE");
    private readonly Option<string?> _key = Options.Text("--nats-key", "PEM file of its key.", "FILE");
    private readonly Option<string?> _credentials = Options.Text("--nats-creds", "Credentials file of a NATS user.", "FILE");
    private readonly Option<string?> _nkey = Options.Text("--nats-nkey", "File of a NATS user's NKey seed.", "FILE");

    /// <param name="help">What the server is used for.</param>
    public NatsOptions(string help) => _url = Options.Text(UrlName, $"{help} nats://host:port or tls://host:port.", "URL");

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>The server; null where none is given.</summary>
    /// <exception cref="InvalidInputException">The options don't fit together, or a file can't be read.</exception>
    public ServerOptions? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_url) is not { } url)
        {
            var needless = All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
            return needless is null ? null : throw new InvalidInputException($"{needless.Name} is given without {UrlName}; allowed are both or none");
        }

        return new ServerOptions
        {
            Url = url,
            CaFile = parsed.GetValue(_ca),
            CertificateFile = parsed.GetValue(_certificate),
            KeyFile = parsed.GetValue(_key),
            CredentialsFile = parsed.GetValue(_credentials),
            NKeyFile = parsed.GetValue(_nkey),
        }.Checked();
    }

    /// <exception cref="InvalidInputException">No server is given, or it can't be used.</exception>
    public ServerOptions Required(ParseResult parsed) =>
        Read(parsed) ?? throw new InvalidInputException($"{UrlName} is missing; allowed is nats://host:port or tls://host:port");

    /// <summary>The same options as they are to be given again; they name files, never what is in them.</summary>
    public string Again(ParseResult parsed) =>
        string.Concat(All.Where(option => parsed.GetValue(option) is not null).Select(option => $" {option.Name} {CommandText.Quote(parsed.GetValue(option)!)}"));

    private Option<string?>[] All => [_url, _ca, _certificate, _key, _credentials, _nkey];
}
