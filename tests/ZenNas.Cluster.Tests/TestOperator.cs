using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using NATS.NKeys;

namespace ZenNas.Cluster.Tests;

/// <summary>An operator with an account and a user, as <c>nsc</c> makes them, and a user whose account the server doesn't know.</summary>
internal sealed class TestOperator : IDisposable
{
    private static readonly DateTimeOffset Issued = TimeProvider.System.GetUtcNow().AddDays(-1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zennas-operator-");

    public TestOperator()
    {
        using var operatorKey = KeyPair.CreatePair(PrefixByte.Operator);
        using var system = KeyPair.CreatePair(PrefixByte.Account);
        using var account = KeyPair.CreatePair(PrefixByte.Account);
        using var other = KeyPair.CreatePair(PrefixByte.Account);
        File.WriteAllText(this["operator.jwt"], Jwt("operator", operatorKey, operatorKey.GetPublicKey(), []));
        File.WriteAllText(this["server.conf"], $$"""
            operator: "{{this["operator.jwt"]}}"
            system_account: {{system.GetPublicKey()}}
            resolver: MEMORY
            resolver_preload: {
              {{system.GetPublicKey()}}: {{Account(operatorKey, system, disk: 0)}}
              {{account.GetPublicKey()}}: {{Account(operatorKey, account, disk: -1)}}
            }
            jetstream { store_dir: $ZENNAS_STORE }
            """);
        WriteUser("user.creds", account);
        WriteUser("limited.creds", account, denied: "$JS.API.CONSUMER.MSG.NEXT.>");
        WriteUser("stranger.creds", other);
    }

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Account(KeyPair operatorKey, KeyPair account, int disk) => Jwt("account", operatorKey, account.GetPublicKey(), new JsonObject
    {
        ["limits"] = new JsonObject
        {
            ["subs"] = -1,
            ["data"] = -1,
            ["payload"] = -1,
            ["imports"] = -1,
            ["exports"] = -1,
            ["wildcards"] = true,
            ["conn"] = -1,
            ["leaf"] = -1,
            ["mem_storage"] = disk,
            ["disk_storage"] = disk,
            ["streams"] = disk,
            ["consumer"] = disk,
        },
    });

    private void WriteUser(string name, KeyPair account, string? denied = null)
    {
        using var user = KeyPair.CreatePair(PrefixByte.User);
        var publish = denied is null ? new JsonObject() : new JsonObject { ["deny"] = new JsonArray(denied) };
        var jwt = Jwt("user", account, user.GetPublicKey(), new JsonObject { ["pub"] = publish, ["sub"] = new JsonObject(), ["subs"] = -1, ["data"] = -1, ["payload"] = -1 });
        File.WriteAllText(this[name], $"""
            -----BEGIN NATS USER JWT-----
            {jwt}
            ------END NATS USER JWT------

            -----BEGIN USER NKEY SEED-----
            {user.GetSeed()}
            ------END USER NKEY SEED------
            """);
    }

    private static string Jwt(string type, KeyPair issuer, string subject, JsonObject claims)
    {
        claims["type"] = type;
        claims["version"] = 2;
        var body = new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["iat"] = Issued.ToUnixTimeSeconds(),
            ["iss"] = issuer.GetPublicKey(),
            ["name"] = type,
            ["sub"] = subject,
            ["nats"] = claims,
        };
        var signed = $"{Base64Url.EncodeToString("""{"typ":"JWT","alg":"ed25519-nkey"}"""u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(body.ToJsonString()))}";
        var signature = new byte[64];
        issuer.Sign(Encoding.ASCII.GetBytes(signed), signature);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }
}
