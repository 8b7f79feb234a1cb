using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace P2PCloud.Cli.Tests;

public sealed class ShareTests
{
    [Fact]
    public async Task Share_of_a_folder_uploads_its_files_by_relative_name_and_skips_links()
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        elsewhere.Write("secret.txt", "secret");
        folder.Write("b.txt", "hey jude");
        folder.Write("albums/1968/a.txt", "let it be");
        File.CreateSymbolicLink(folder.At("link.txt"), elsewhere.At("secret.txt"));
        Directory.CreateSymbolicLink(folder.At("albums/loop"), folder.Root);
        await using var gateway = await FakeGateway.StartAsync();

        var outcome = await CommandLine.RunAsync(gateway, "share", folder.Root);

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Equal(["albums/1968/a.txt", "b.txt"], gateway.Uploads.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("hey jude", Encoding.UTF8.GetString(gateway.Uploads["b.txt"]));
        Assert.Equal(
            [
                "# content id\tsize\tpeer\tname",
                $"{Samples.HeyJude}\t8\tpeer-0\tb.txt",
                $"{Samples.LetItBe}\t9\tpeer-0\talbums/1968/a.txt",
            ],
            outcome.Lines);
        Assert.Equal(["shared 2 of 2 files (17 B), 2 symbolic links skipped, 0 failed"], outcome.ErrorLines);
    }

    [Fact]
    public async Task Share_skips_a_named_pipe_in_a_folder_and_counts_it()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", "hey jude");
        await MakePipeAsync(folder.At("pipe"));
        await using var gateway = await FakeGateway.StartAsync();

        var outcome = await Task.Run(() => CommandLine.RunAsync(gateway, "share", folder.Root), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(["a.txt"], gateway.Uploads.Keys);
        Assert.Equal(["shared 1 of 1 files (8 B), 0 symbolic links skipped, 1 pipes and devices skipped, 0 failed"], outcome.ErrorLines);
    }

    [Fact]
    public async Task Share_refuses_a_named_pipe_that_is_named()
    {
        using var folder = new TemporaryFolder();
        await MakePipeAsync(folder.At("pipe"));
        await using var gateway = await FakeGateway.StartAsync();

        var outcome = await Task.Run(() => CommandLine.RunAsync(gateway, "share", folder.At("pipe")), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Equal("p2pcloud: pipe: is no regular file", outcome.ErrorLines[0]);
    }

    private static async Task MakePipeAsync(string path)
    {
        using var made = Process.Start("mkfifo", [path]);
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Share_of_a_file_uses_its_own_name_and_the_peer_that_is_named()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("deep/down/hey jude + 100%.txt", "hey jude");
        await using var gateway = await FakeGateway.StartAsync();

        var outcome = await CommandLine.RunAsync(gateway, "share", path, "--peer", "peer-4");

        Assert.Equal(["PUT /api/v1/files?name=hey jude + 100%.txt&peer=peer-4"], gateway.Requests);
        Assert.EndsWith("\tpeer-4\they jude + 100%.txt", outcome.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Share_json_prints_one_array_of_what_the_gateway_took()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", "hey jude");
        folder.Write("b.txt", "let it be");
        await using var gateway = await FakeGateway.StartAsync();

        var outcome = await CommandLine.RunAsync(gateway, "share", folder.Root, "--output", "json");

        using var document = JsonDocument.Parse(outcome.Out);
        Assert.Equal(
            [Samples.HeyJude, Samples.LetItBe],
            document.RootElement.EnumerateArray().Select(posting => posting.GetProperty("contentId").GetString()));
    }

    [Fact]
    public async Task Share_goes_on_after_a_file_that_is_refused_and_exits_with_1()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.bin", new string('a', 2_000_000));
        folder.Write("b.txt", "let it be");
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnPut = http => http.Request.ContentLength > 1_000_000
            ? FakeGateway.Problem(StatusCodes.Status413PayloadTooLarge, "A file has at most 1000000 bytes here.")(http)
            : FakeGateway.JsonAsync(http, new Contracts.Posting(Samples.LetItBe, "b.txt", 9, "peer-0"), StatusCodes.Status201Created);

        var outcome = await CommandLine.RunAsync(gateway, "share", folder.Root);

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.StartsWith(Samples.LetItBe, outcome.Lines[^1], StringComparison.Ordinal);
        Assert.StartsWith("p2pcloud: a.bin: ", outcome.ErrorLines[0], StringComparison.Ordinal);
        Assert.EndsWith(": A file has at most 1000000 bytes here.", outcome.ErrorLines[0], StringComparison.Ordinal);
        Assert.EndsWith("1 failed", outcome.ErrorLines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Share_of_an_empty_folder_exits_with_1()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await FakeGateway.StartAsync();

        var outcome = await CommandLine.RunAsync(gateway, "share", folder.Root);

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Empty(gateway.Requests);
    }
}
