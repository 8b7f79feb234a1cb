using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Cli.Tests;

public sealed class KeyTests
{
    private const string Version = "0000000000000007-peer-3#1";

    [Fact]
    public async Task Put_prints_the_version_and_tells_the_rest_on_stderr()
    {
        await using var gateway = await StartAsync();

        var outcome = await CommandLine.RunAsync(gateway, "put", "greeting", "hey jude");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Equal([Version], outcome.Lines);
        Assert.Equal(["3 copies, the owner is peer-3#1, 2 hops"], outcome.ErrorLines);
        Assert.Equal(["PUT /api/v1/keys/greeting?consistency=quorum"], gateway.Requests);
        Assert.Equal("hey jude", Encoding.UTF8.GetString(gateway.Values["greeting"]));
    }

    [Fact]
    public async Task Put_json_prints_what_the_gateway_answered()
    {
        await using var gateway = await StartAsync();

        var outcome = await CommandLine.RunAsync(gateway, "put", "greeting", "x", "--output", "json");

        using var document = JsonDocument.Parse(outcome.Out);
        Assert.Equal(Version, document.RootElement.GetProperty("version").GetString());
        Assert.Equal(3, document.RootElement.GetProperty("copies").GetInt32());
    }

    [Fact]
    public async Task Put_of_a_file_sends_its_bytes()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.At("value"), [0, 255, 10], TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync();

        await CommandLine.RunAsync(gateway, "put", "k", "--file", folder.At("value"));

        Assert.Equal([0, 255, 10], gateway.Values["k"]);
    }

    [Fact]
    public async Task Put_of_a_hyphen_sends_what_comes_on_stdin()
    {
        await using var gateway = await StartAsync();

        await CommandLine.RunAsync(
            ["put", "k", "-", "--gateway", gateway.Address], console => console with { OpenInput = () => new MemoryStream([7, 0, 9]) });

        Assert.Equal([7, 0, 9], gateway.Values["k"]);
    }

    [Fact]
    public async Task Put_sends_its_options()
    {
        await using var gateway = await StartAsync();

        await CommandLine.RunAsync(
            gateway, "put", "k", "v", "--ttl", "60", "--consistency", "one", "--from", "peer-2", "--if-version", Version);
        await CommandLine.RunAsync(gateway, "put", "k", "v", "--if-absent");

        Assert.Equal("PUT /api/v1/keys/k?consistency=one&ttl=60&from=peer-2", gateway.Requests.First());
        Assert.Equal([($"\"{Version}\"", ""), ("", "*")], gateway.Conditions);
    }

    [Theory]
    [InlineData("a/b c?d#e%f", "a%2Fb%20c%3Fd%23e%25f")]
    [InlineData("ключ", "%D0%BA%D0%BB%D1%8E%D1%87")]
    [InlineData("a/../b", "a%2F..%2Fb")]
    public async Task A_key_goes_into_the_path_whole(string key, string expected)
    {
        await using var gateway = await StartAsync();

        await CommandLine.RunAsync(gateway, "put", key, "v");

        Assert.Equal([expected], gateway.RawKeys);
    }

    [Fact]
    public async Task A_value_above_64_KiB_is_refused_before_anything_is_sent()
    {
        await using var gateway = await StartAsync();

        var outcome = await CommandLine.RunAsync(
            ["put", "k", "-", "--gateway", gateway.Address], console => console with { OpenInput = () => new MemoryStream(new byte[65_537]) });

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Contains("65536 bytes", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(gateway.Requests);
    }

    [Fact]
    public async Task A_conflict_exits_with_1_and_the_reason()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnKey = FakeGateway.Problem(StatusCodes.Status412PreconditionFailed, "The condition does not hold: there is no value.");

        var outcome = await CommandLine.RunAsync(gateway, "put", "k", "v", "--if-version", Version);

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Contains("there is no value", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
    }

    [Fact]
    public async Task A_write_that_failed_is_not_sent_again()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnKey = FakeGateway.Problem(StatusCodes.Status504GatewayTimeout, "The write may have happened or not.");

        var outcome = await CommandLine.RunAsync(gateway, "put", "k", "v");

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Single(gateway.Requests);
    }

    [Fact]
    public async Task Get_key_prints_the_bytes_and_nothing_else()
    {
        await using var gateway = await StartAsync([0, 255, 10]);

        var outcome = await CommandLine.RunAsync(gateway, "get-key", "k", "--consistency", "one");

        Assert.Equal((ExitCodes.Ok, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal([0, 255, 10], outcome.Bytes);
        Assert.Equal(["GET /api/v1/keys/k?consistency=one"], gateway.Requests);
    }

    [Fact]
    public async Task Get_key_json_has_the_bytes_in_Base64_and_the_version()
    {
        await using var gateway = await StartAsync([0, 255, 10]);

        var outcome = await CommandLine.RunAsync(gateway, "get-key", "k", "--output", "json");

        using var document = JsonDocument.Parse(outcome.Out);
        Assert.Equal([0, 255, 10], document.RootElement.GetProperty("value").GetBytesFromBase64());
        Assert.Equal(Version, document.RootElement.GetProperty("version").GetString());
        Assert.Equal((3, 2), (document.RootElement.GetProperty("copies").GetInt32(), document.RootElement.GetProperty("hops").GetInt32()));
    }

    [Fact]
    public async Task Get_key_into_a_file_prints_its_path()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await StartAsync([1, 2]);

        var outcome = await CommandLine.RunAsync(gateway, "get-key", "k", "-o", folder.At("value"));

        Assert.Equal([folder.At("value")], outcome.Lines);
        Assert.Equal([1, 2], await File.ReadAllBytesAsync(folder.At("value"), TestContext.Current.CancellationToken));
        Assert.Equal(["value"], folder.Entries);
    }

    [Fact]
    public async Task Get_key_does_not_replace_a_file_unless_forced()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("value", "old");
        await using var gateway = await StartAsync([1, 2]);

        var refused = await CommandLine.RunAsync(gateway, "get-key", "k", "-o", path);
        var forced = await CommandLine.RunAsync(gateway, "get-key", "k", "-o", path, "--force");

        Assert.Equal((ExitCodes.Failed, ExitCodes.Ok), (refused.ExitCode, forced.ExitCode));
        Assert.Equal([1, 2], await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_missing_key_exits_with_1_and_prints_no_bytes()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnKey = FakeGateway.Problem(StatusCodes.Status404NotFound, "There is no value under 'k'.");

        var outcome = await CommandLine.RunAsync(gateway, "get-key", "k");

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Empty(outcome.Bytes);
        Assert.Contains("no value under 'k'", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_sends_its_condition_and_prints_nothing()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnKey = http =>
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        };

        var outcome = await CommandLine.RunAsync(gateway, "delete", "k", "--if-version", Version);
        var json = await CommandLine.RunAsync(gateway, "delete", "k", "--output", "json");

        Assert.Equal((ExitCodes.Ok, "", ""), (outcome.ExitCode, outcome.Out, outcome.Error));
        Assert.Equal("{\"key\":\"k\"}\n", json.Out);
        Assert.Equal(($"\"{Version}\"", ""), gateway.Conditions.First());
        Assert.All(gateway.Requests, request => Assert.Equal("DELETE /api/v1/keys/k?consistency=quorum", request));
    }

    private static async Task<FakeGateway> StartAsync(byte[]? value = null)
    {
        var gateway = await FakeGateway.StartAsync();
        gateway.OnKey = async http =>
        {
            var key = (string)http.Request.RouteValues["key"]!;
            if (HttpMethods.IsGet(http.Request.Method))
            {
                http.Response.Headers.ETag = $"\"{Version}\"";
                http.Response.Headers["P2PCloud-Owner"] = "peer-3#1";
                http.Response.Headers["P2PCloud-Copies"] = "3";
                http.Response.Headers["P2PCloud-Hops"] = "2";
                await http.Response.Body.WriteAsync(value!, http.RequestAborted);
                return;
            }

            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            gateway.Values[key] = body.ToArray();
            await FakeGateway.JsonAsync(http, new KeyWritten(key, Version, "peer-3#1", 3, 2));
        };
        return gateway;
    }
}
