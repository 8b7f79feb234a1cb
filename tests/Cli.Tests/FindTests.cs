using System.Text.Json;
using Microsoft.AspNetCore.Http;
using P2PCloud.Contracts;

namespace P2PCloud.Cli.Tests;

public sealed class FindTests
{
    [Fact]
    public async Task Find_with_one_technique_prints_a_row_a_match_and_a_line_about_the_lookup()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnLookup = Samples.Answer(_ => [Samples.Match(Samples.HeyJude, "beatles/hey jude.txt")]);

        var outcome = await CommandLine.RunAsync(gateway, "find", "hey", "jude", "--technique", "chord");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Equal(
            [
                "# content id\tsize\tproviders\tname",
                $"{Samples.HeyJude}\t1234567\tpeer-1,peer-2\tbeatles/hey jude.txt",
                $"# chord from peer-3: 1 match, 1 hop, 4 messages, 2.125 ms, trace {Samples.TraceId}",
            ],
            outcome.Lines);
        Assert.Equal(["GET /api/v1/lookups?q=hey jude&technique=chord"], gateway.Requests);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task Find_passes_entry_peer_mode_and_limit_on()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnLookup = Samples.Answer(_ => []);

        await CommandLine.RunAsync(gateway, "find", "a&b", "--technique", "chord", "--from", "peer-5", "--mode", "iterative", "--limit", "7");

        Assert.Equal(["GET /api/v1/lookups?q=a&b&technique=chord&from=peer-5&mode=iterative&limit=7"], gateway.Requests);
    }

    [Fact]
    public async Task Find_all_compares_the_techniques_and_says_which_missed_what()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var jude = Samples.Match(Samples.HeyJude, "hey jude.txt");
        var be = Samples.Match(Samples.LetItBe, "hey, let it be.txt");
        gateway.OnLookup = Samples.Answer(technique => technique is Techniques.Gnutella ? [jude] : [jude, be]);

        var outcome = await CommandLine.RunAsync(gateway, "find", "hey");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Contains($"{Samples.HeyJude}\t1234567\tnapster,gnutella,kazaa,chord\tpeer-1,peer-2\they jude.txt", outcome.Lines);
        Assert.Contains($"{Samples.LetItBe}\t1234567\tnapster,kazaa,chord\tpeer-1,peer-2\they, let it be.txt", outcome.Lines);
        Assert.Contains($"gnutella\t1\t1\t1\t4\t2.125\tpeer-3\t{Samples.TraceId}", outcome.Lines);
        Assert.Contains($"chord\t2\t0\t1\t4\t2.125\tpeer-3\t{Samples.TraceId}", outcome.Lines);
        Assert.Equal("# gnutella missed 1 of 2: hey, let it be.txt", outcome.Lines[^1]);
    }

    [Fact]
    public async Task Find_all_starts_every_technique_at_the_entry_peer_of_the_first()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnLookup = Samples.Answer(_ => []);

        await CommandLine.RunAsync(gateway, "find", "hey");

        Assert.Equal(
            [
                "GET /api/v1/lookups?q=hey&technique=napster",
                "GET /api/v1/lookups?q=hey&technique=gnutella&from=peer-3",
                "GET /api/v1/lookups?q=hey&technique=kazaa&from=peer-3",
                "GET /api/v1/lookups?q=hey&technique=chord&from=peer-3",
            ],
            gateway.Requests);
    }

    [Fact]
    public async Task Find_all_does_not_say_missed_of_a_technique_that_reached_the_limit()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnLookup = Samples.Answer(technique => technique is Techniques.Chord
            ? [Samples.Match(Samples.LetItBe, "hey, let it be.txt")]
            : [Samples.Match(Samples.HeyJude, "hey jude.txt")]);

        var outcome = await CommandLine.RunAsync(gateway, "find", "hey", "--limit", "1");

        Assert.Contains($"chord\t1\t?\t1\t4\t2.125\tpeer-3\t{Samples.TraceId}", outcome.Lines);
        Assert.DoesNotContain("missed 1", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_json_prints_the_answer_of_the_gateway_as_it_came()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var body = JsonSerializer.Serialize(
            Samples.Result(Techniques.Chord, Samples.Match(Samples.HeyJude, "hey jude.txt")), ContractsJsonContext.Default.LookupResult);
        var newer = body.Insert(1, "\"memberOfANewerGateway\":1,");
        gateway.OnLookup = http => http.Response.WriteAsync(newer, http.RequestAborted);

        var outcome = await CommandLine.RunAsync(gateway, "find", "hey", "--technique", "chord", "--output", "json");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Equal(newer + "\n", outcome.Out);
    }

    [Fact]
    public async Task Find_all_json_prints_one_array_in_the_order_of_the_techniques()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnLookup = Samples.Answer(_ => [Samples.Match(Samples.HeyJude, "hey jude.txt")]);

        var outcome = await CommandLine.RunAsync(gateway, "find", "hey", "--output", "json");

        using var document = JsonDocument.Parse(outcome.Out);
        Assert.Equal(Techniques.All, document.RootElement.EnumerateArray().Select(answer => answer.GetProperty("technique").GetString()!));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Find_that_finds_nothing_exits_with_1(string output)
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnLookup = Samples.Answer(_ => []);

        var outcome = await CommandLine.RunAsync(gateway, "find", "nobody", "--technique", "kazaa", "--output", output);

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Equal(["p2pcloud: nothing found for 'nobody'"], outcome.ErrorLines);
    }

    [Fact]
    public async Task Find_all_with_one_technique_away_shows_the_others_and_exits_with_1()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var answer = Samples.Answer(_ => [Samples.Match(Samples.HeyJude, "hey jude.txt")]);
        var problem = FakeGateway.Problem(StatusCodes.Status503ServiceUnavailable, "The directory does not answer.");
        gateway.OnLookup = http => http.Request.Query["technique"] == Techniques.Napster ? problem(http) : answer(http);

        var outcome = await CommandLine.RunAsync(gateway, "find", "hey");

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Equal(["p2pcloud: napster: Service Unavailable: The directory does not answer."], outcome.ErrorLines);
        Assert.Contains(outcome.Lines, line => line.StartsWith("chord\t1\t0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Find_says_when_part_of_the_overlay_did_not_answer()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var result = Samples.Result(Techniques.Gnutella, Samples.Match(Samples.HeyJude, "hey jude.txt")) with { Complete = false };
        gateway.OnLookup = http => FakeGateway.JsonAsync(http, result);

        var outcome = await CommandLine.RunAsync(gateway, "find", "hey", "-t", "gnutella");

        Assert.EndsWith("(incomplete: part of the overlay did not answer in time)", outcome.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_makes_control_characters_in_names_harmless()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnLookup = Samples.Answer(_ => [Samples.Match(Samples.HeyJude, "hey\e[31m\tjude\n.txt")]);

        var outcome = await CommandLine.RunAsync(gateway, "find", "hey", "-t", "chord");

        Assert.EndsWith("\they?[31m?jude?.txt", outcome.Lines[1], StringComparison.Ordinal);
    }
}
