using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NATS.NKeys;

namespace ZenNas.Cluster.Tests;

/// <summary>An authority with a server's and a client's certificate, one of another authority, and NKeys.</summary>
internal sealed class TestCertificates : IDisposable
{
    // Of all alike: none may outlive its authority by a second.
    private static readonly DateTimeOffset Begin = TimeProvider.System.GetUtcNow().AddDays(-1);
    private static readonly DateTimeOffset End = Begin.AddDays(31);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zennas-certs-");

    public TestCertificates()
    {
        using var authority = Authority("ca");
        Issue(authority, "server");
        Issue(authority, "client");
        using var other = Authority("other-ca");
        Issue(other, "other-client");
        var coordinator = Key("coordinator.nk");
        var worker = Key("worker.nk");
        Key("stranger.nk");
        Environment = new Dictionary<string, string>
        {
            ["ZENNAS_SERVER_CERT"] = this["server.pem"],
            ["ZENNAS_SERVER_KEY"] = this["server-key.pem"],
            ["ZENNAS_CA"] = this["ca.pem"],
            ["ZENNAS_COORDINATOR"] = coordinator,
            ["ZENNAS_WORKER"] = worker,
        };
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public ServerOptions Coordinator(NatsServer server) => Options(server, "coordinator.nk");

    public ServerOptions Worker(NatsServer server) => Options(server, "worker.nk");

    public ServerOptions Options(NatsServer server, string key) => new()
    {
        Url = $"tls://127.0.0.1:{server.Port}",
        CaFile = this["ca.pem"],
        CertificateFile = this["client.pem"],
        KeyFile = this["client-key.pem"],
        NKeyFile = this[key],
    };

    public void Dispose() => _folder.Delete(recursive: true);

    private string Key(string file)
    {
        using var pair = KeyPair.CreatePair(PrefixByte.User);
        File.WriteAllText(this[file], pair.GetSeed());
        return pair.GetPublicKey();
    }

    private X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=zennas {name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var certificate = request.CreateSelfSigned(Begin, End);
        File.WriteAllText(this[$"{name}.pem"], certificate.ExportCertificatePem());
        return certificate;
    }

    private void Issue(X509Certificate2 authority, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var certificate = request.Create(authority, Begin, End, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(this[$"{name}.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(this[$"{name}-key.pem"], key.ExportPkcs8PrivateKeyPem());
    }
}
