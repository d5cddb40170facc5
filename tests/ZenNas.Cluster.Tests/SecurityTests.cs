using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using NATS.NKeys;
using ZenNas.Cluster.Coordinating;
using ZenNas.Cluster.Messages;
using ZenNas.Scores;
using static ZenNas.Cluster.Tests.TestCluster;

namespace ZenNas.Cluster.Tests;

/// <summary>The configuration that ships, against who must not get in.</summary>
public sealed class SecurityTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Should_let_coordinator_and_worker_do_their_work()
    {
        using var server = NatsServer.Secured(_certificates);
        await using var connection = await ClusterConnection.CoordinatorAsync(_certificates.Coordinator(server), Token);
        await using var board = await JobBoard.OpenAsync(connection, Run, TestCluster.Version, Token);
        var artefacts = new Artefacts(connection);
        await artefacts.EnsureAsync(Token);
        await using var worker = await TestWorker.Start(_certificates.Worker(server), "a", job => ScoreValue.Exact(job.Seed));

        var ends = await board.RunAsync(Jobs(10), ended: null, Token);

        Assert.All(ends, end => Assert.False(end.HasFailed));
        Assert.Single((await WorkerRoll.AskAsync(connection, TimeSpan.FromSeconds(2), Token)).Workers);
        await using var other = await ClusterConnection.WorkerAsync(_certificates.Worker(server), Token);
        var content = new byte[5_000_000];
        new Random(1).NextBytes(content);
        await new Artefacts(other).PutAsync("checkpoints/x", content, Token);
        await new Artefacts(other).PutAsync("checkpoints/x", content, Token);
        Assert.Equal(content, await artefacts.GetAsync("checkpoints/x", content.Length, Token));
        Assert.Equal(content, await new Artefacts(other).GetAsync("checkpoints/x", content.Length, Token));
        await Assert.ThrowsAsync<InvalidInputException>(() => artefacts.GetAsync("checkpoints/x", content.Length - 1, Token));
        Assert.Null(await new Artefacts(other).GetAsync("checkpoints/none", 1 << 20, Token));
    }

    [Fact]
    public async Task Should_refuse_whoever_lacks_certificate_or_key()
    {
        using var server = NatsServer.Secured(_certificates);
        var right = _certificates.Coordinator(server);
        foreach (var wrong in new[]
        {
            new ServerOptions { Url = server.Url },
            right with { CertificateFile = null, KeyFile = null },
            right with { CertificateFile = _certificates["other-client.pem"], KeyFile = _certificates["other-client-key.pem"] },
            right with { CaFile = _certificates["other-ca.pem"] },
            right with { NKeyFile = null },
            right with { NKeyFile = _certificates["stranger.nk"] },
        })
        {
            var refused = await Assert.ThrowsAsync<InvalidInputException>(async () => await ClusterConnection.CoordinatorAsync(wrong, Token));
            Assert.StartsWith("--nats is '", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(await File.ReadAllTextAsync(_certificates["stranger.nk"], Token), refused.Message, StringComparison.Ordinal);
        }

        await using var connection = await ClusterConnection.CoordinatorAsync(right, Token);
    }

    [Fact]
    public async Task Should_refuse_plaintext_where_the_client_asks_for_encryption()
    {
        using var server = NatsServer.Plain();
        await Assert.ThrowsAsync<InvalidInputException>(async () => await ClusterConnection.CoordinatorAsync(_certificates.Coordinator(server), Token));
    }

    [Fact]
    public async Task Should_refuse_a_client_that_speaks_plainly()
    {
        using var server = NatsServer.Secured(_certificates);
        using var client = new TcpClient("127.0.0.1", server.Port);
        await using var plain = client.GetStream();
        using var reader = new StreamReader(plain);
        var info = await reader.ReadLineAsync(Token);
        Assert.StartsWith("INFO ", info, StringComparison.Ordinal);

        await plain.WriteAsync(Encoding.ASCII.GetBytes(Connect(info!["INFO ".Length..])), Token);

        // To its end: the server hangs up.
        Assert.DoesNotContain("PONG", await reader.ReadToEndAsync(Token).WaitAsync(TimeSpan.FromSeconds(20), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_not_let_a_worker_make_jobs_or_change_streams()
    {
        using var server = NatsServer.Secured(_certificates);
        await using var connection = await ClusterConnection.CoordinatorAsync(_certificates.Coordinator(server), Token);
        await using var board = await JobBoard.OpenAsync(connection, Run, TestCluster.Version, Token);
        await using var worker = await ClusterConnection.WorkerAsync(_certificates.Worker(server), Token);
        var message = RequestJson.Write(Job(1), TestCluster.Version);

        await Assert.ThrowsAsync<InvalidInputException>(() => worker.PublishAsync(Streams.JobSubject(ScoreRequest.QueueName, Run, "injected", 1), message, "x", Token));

        var stream = await connection.JetStream.GetStreamAsync(Streams.Jobs, cancellationToken: Token);
        Assert.Equal(0UL, (ulong)stream.Info.State.Messages);
        await using var second = await ClusterConnection.WorkerAsync(_certificates.Worker(server), Token);
        await Assert.ThrowsAsync<InvalidInputException>(() => Streams.EnsureAsync(second, Token));
    }

    /// <summary>What the server answers goes wherever the question says, also among the jobs.</summary>
    [Fact]
    public async Task Should_not_do_what_a_worker_had_the_server_put_among_the_jobs()
    {
        using var server = NatsServer.Secured(_certificates);
        await using var connection = await ClusterConnection.CoordinatorAsync(_certificates.Coordinator(server), Token);
        await using var board = await JobBoard.OpenAsync(connection, Run, TestCluster.Version, Token);
        await new Artefacts(connection).EnsureAsync(Token);
        await Streams.EnsureQueueAsync(connection, ScoreRequest.QueueName, Token);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Token);
        soon.CancelAfter(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => board.RunAsync(Jobs(1), ended: null, soon.Token));
        await using (var hostile = await ClusterConnection.WorkerAsync(_certificates.Worker(server), Token))
        {
            var target = Streams.JobSubject(ScoreRequest.QueueName, Run, "injected", 1);
            await hostile.Nats.PublishAsync($"$JS.API.CONSUMER.MSG.NEXT.{Streams.Jobs}.{ScoreRequest.QueueName}", "{\"batch\":1}"u8.ToArray(), replyTo: target, cancellationToken: Token);
            await hostile.Nats.PublishAsync("$JS.API.STREAM.INFO.OBJ_zennas", Array.Empty<byte>(), replyTo: target.Replace("injected", "answer", StringComparison.Ordinal), cancellationToken: Token);
            await hostile.Nats.PingAsync(Token);
        }

        var scored = new ConcurrentBag<ulong>();
        await using var worker = await TestWorker.Start(_certificates.Worker(server), "a", job =>
        {
            scored.Add(job.Seed);
            return ScoreValue.Exact(job.Seed);
        });
        var ends = await board.RunAsync([Job(1), Job(2)], ended: null, Token);

        Assert.All(ends, end => Assert.False(end.HasFailed));
        Assert.Equal([1UL, 2UL], scored.Order());
    }

    /// <summary>Each of these would give a worker what is only a coordinator's.</summary>
    [Theory]
    [InlineData("$JS.API.STREAM.CREATE.X")]
    [InlineData("$JS.API.STREAM.UPDATE.ZENNAS_JOBS")]
    [InlineData("$JS.API.STREAM.DELETE.ZENNAS_RESULTS")]
    [InlineData("$JS.API.STREAM.PURGE.ZENNAS_JOBS")]
    [InlineData("$JS.API.STREAM.MSG.GET.ZENNAS_RESULTS")]
    [InlineData("$JS.API.STREAM.MSG.DELETE.ZENNAS_JOBS")]
    [InlineData("$JS.API.DIRECT.GET.OBJ_zennas.$O.zennas.C.x")]
    [InlineData("$JS.API.CONSUMER.CREATE.ZENNAS_RESULTS")]
    [InlineData("$JS.API.CONSUMER.CREATE.ZENNAS_JOBS")]
    [InlineData("$JS.API.CONSUMER.DELETE.ZENNAS_JOBS.score")]
    [InlineData("zennas.jobs.score.x.y.1")]
    [InlineData("_INBOX_coordinator.x")]
    public async Task Should_refuse_a_worker_what_a_coordinator_may(string subject)
    {
        using var server = NatsServer.Secured(_certificates);
        await using var worker = await ClusterConnection.WorkerAsync(_certificates.Worker(server), Token);

        Assert.Contains($"Permissions Violation for Publish to \"{subject}\"", await ViolationOf(worker, () => worker.Nats.PublishAsync(subject, "{}"u8.ToArray(), cancellationToken: Token)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zennas.results.>")]
    [InlineData("zennas.jobs.>")]
    [InlineData("_INBOX_coordinator.>")]
    [InlineData("$JS.>")]
    public async Task Should_not_let_a_worker_listen(string subject)
    {
        using var server = NatsServer.Secured(_certificates);
        await using var worker = await ClusterConnection.WorkerAsync(_certificates.Worker(server), Token);

        Assert.Contains($"Permissions Violation for Subscription to \"{subject}\"", await ViolationOf(worker, async () => await worker.Nats.SubscribeCoreAsync<byte[]>(subject, cancellationToken: Token)), StringComparison.Ordinal);
    }

    /// <summary>By user credentials, as a server with an operator's accounts wants them.</summary>
    [Fact]
    public async Task Should_let_in_by_credentials_and_nobody_else()
    {
        using var operators = new TestOperator();
        using var server = NatsServer.Of(operators);
        await using (await ClusterConnection.CoordinatorAsync(server.Options with { CredentialsFile = operators["user.creds"] }, Token))
        {
        }

        foreach (var wrong in new[] { server.Options, server.Options with { CredentialsFile = operators["stranger.creds"] } })
        {
            var refused = await Assert.ThrowsAsync<InvalidInputException>(async () => await ClusterConnection.CoordinatorAsync(wrong, Token));
            Assert.Contains("Authorization Violation", refused.Message, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>Rather than seem well and take no jobs.</summary>
    [Fact]
    public async Task Should_end_a_worker_that_is_not_allowed_to_work()
    {
        using var operators = new TestOperator();
        using var server = NatsServer.Of(operators);
        await using var connection = await ClusterConnection.CoordinatorAsync(server.Options with { CredentialsFile = operators["user.creds"] }, Token);
        await Streams.EnsureAsync(connection, Token);
        await Streams.EnsureQueueAsync(connection, ScoreRequest.QueueName, Token);
        var worker = await TestWorker.Start(server.Options with { CredentialsFile = operators["limited.creds"] }, "a", job => ScoreValue.Exact(job.Seed), slots: 2);

        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => worker.Work.WaitAsync(TimeSpan.FromSeconds(20), Token));

        Assert.Contains("the server doesn't allow this user what it has to do", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_survive_a_message_of_100_MB()
    {
        using var server = NatsServer.Secured(_certificates);
        await using var connection = await ClusterConnection.CoordinatorAsync(_certificates.Coordinator(server), Token);
        await using var board = await JobBoard.OpenAsync(connection, Run, TestCluster.Version, Token);
        await using var worker = await ClusterConnection.WorkerAsync(_certificates.Worker(server), Token);
        await Assert.ThrowsAsync<InvalidInputException>(() => worker.PublishAsync(Streams.ResultSubject(Run, "big", 1), new byte[100_000_000], "x", Token));

        // A client without manners, which is let in and then sends what no library would.
        Assert.Contains("Maximum Payload Violation", await AnswerTo100Megabytes(server.Port), StringComparison.Ordinal);

        await using var handler = await TestWorker.Start(_certificates.Worker(server), "a", job => ScoreValue.Exact(job.Seed));
        Assert.False((await board.RunAsync(Jobs(1), ended: null, Token))[0].HasFailed);
    }

    [Theory]
    [InlineData("http://localhost", "allowed is nats://host:port")]
    [InlineData("nats://me:secret@localhost:4222", "allowed are --nats-creds and --nats-nkey")]
    [InlineData("nats://localhost:4222,", "allowed is nats://host:port")]
    public void Should_refuse_a_URL_that_is_none_or_holds_a_secret(string url, string allowed)
    {
        var refused = Assert.Throws<InvalidInputException>(() => new ServerOptions { Url = url }.Checked());
        Assert.Contains(allowed, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3V")]
    [InlineData("UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4")]
    [InlineData("")]
    public async Task Should_refuse_a_file_without_a_seed_and_not_quote_it(string content)
    {
        await File.WriteAllTextAsync(_certificates["bad.nk"], content, Token);
        var wrong = new ServerOptions { Url = "nats://127.0.0.1:1", NKeyFile = _certificates["bad.nk"] };
        var refused = await Assert.ThrowsAsync<InvalidInputException>(async () => await ClusterConnection.CoordinatorAsync(wrong, Token));
        Assert.StartsWith("--nats-nkey is '", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(content.Length > 0 ? content : "?", refused.ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> ViolationOf(ClusterConnection connection, Func<ValueTask> act)
    {
        var violation = new TaskCompletionSource<string>();
        connection.Nats.ServerError += (_, e) =>
        {
            violation.TrySetResult(e.Error);
            return ValueTask.CompletedTask;
        };
        await act();
        return await violation.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    /// <summary>What a worker with the right key says first.</summary>
    private string Connect(string info)
    {
        using var pair = KeyPair.FromSeed(File.ReadAllText(_certificates["worker.nk"]));
        var signature = new byte[64];
        pair.Sign(Encoding.ASCII.GetBytes(JsonNode.Parse(info)!["nonce"]!.GetValue<string>()), signature);
        var connect = new JsonObject { ["verbose"] = false, ["nkey"] = pair.GetPublicKey(), ["sig"] = Base64Url.EncodeToString(signature) };
        return $"CONNECT {connect.ToJsonString()}\r\nPING\r\n";
    }

    private async Task<string> AnswerTo100Megabytes(int port)
    {
        using var client = new TcpClient("127.0.0.1", port);
        var plain = client.GetStream();
        var info = new byte[4096];
        var length = await plain.ReadAsync(info, Token);
        using var pem = X509Certificate2.CreateFromPemFile(_certificates["client.pem"], _certificates["client-key.pem"]);
        using var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null);
        await using var secured = new SslStream(plain, false, (_, certificate, _, _) => certificate?.Subject == "CN=server");
        await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", ClientCertificates = [certificate] }, Token);
        await secured.WriteAsync(Encoding.ASCII.GetBytes(Connect(Encoding.ASCII.GetString(info, 0, length)["INFO ".Length..])), Token);
        using var reader = new StreamReader(secured);
        Assert.Equal("PONG", await reader.ReadLineAsync(Token));
        await secured.WriteAsync(Encoding.ASCII.GetBytes("PUB zennas.results.x.y.1 100000000\r\n"), Token);
        return await reader.ReadToEndAsync(Token);
    }
}
