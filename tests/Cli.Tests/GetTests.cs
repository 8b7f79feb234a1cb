using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace P2PCloud.Cli.Tests;

public sealed class GetTests
{
    private static readonly byte[] Song = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 40_000)));
    private static readonly string SongId = Samples.IdOf(Song);

    [Fact]
    public async Task Get_writes_the_bytes_and_prints_the_path()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnGet = Serve(Song);

        var outcome = await CommandLine.RunAsync(gateway, "get", SongId, "-o", folder.At("song.txt"));

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Equal([folder.At("song.txt")], outcome.Lines);
        Assert.Equal(Song, await File.ReadAllBytesAsync(folder.At("song.txt"), TestContext.Current.CancellationToken));
        Assert.Equal(["song.txt"], folder.Entries);
    }

    [Fact]
    public async Task Get_accepts_an_id_in_upper_case()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnGet = Serve(Song);

        var outcome = await CommandLine.RunAsync(gateway, "get", SongId.ToUpperInvariant(), "-o", folder.At("song.txt"));

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Equal([$"GET /api/v1/files/{SongId}"], gateway.Requests);
    }

    [Theory]
    [InlineData("song.txt", "song.txt")]
    [InlineData("albums/1968/song.txt", "song.txt")]
    [InlineData("../../song.txt", "song.txt")]
    [InlineData("..\\song.txt", "song.txt")]
    [InlineData("été.txt", "été.txt")]
    [InlineData("..", null)]
    [InlineData("", null)]
    public async Task Get_into_a_folder_takes_the_last_part_of_the_shared_name_or_else_the_id(string shared, string? expected)
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnGet = Serve(Song, shared);

        await CommandLine.RunAsync(gateway, "get", SongId, "-o", folder.Root);

        Assert.Equal([expected ?? SongId], folder.Entries);
    }

    [Fact]
    public async Task Get_json_prints_one_document()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnGet = Serve(Song);

        var outcome = await CommandLine.RunAsync(gateway, "get", SongId, "-o", folder.At("song.txt"), "--output", "json");

        using var document = JsonDocument.Parse(outcome.Out);
        Assert.Equal(SongId, document.RootElement.GetProperty("contentId").GetString());
        Assert.Equal(folder.At("song.txt"), document.RootElement.GetProperty("path").GetString());
        Assert.Equal(Song.Length, document.RootElement.GetProperty("size").GetInt64());
    }

    [Fact]
    public async Task Get_to_stdout_writes_nothing_but_the_bytes()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnGet = Serve(Song);

        var outcome = await CommandLine.RunAsync(gateway, "get", SongId, "-o", "-");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Equal(Song, outcome.Bytes);
        Assert.Empty(outcome.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_goes_on_where_a_connection_broke_whether_or_not_ranges_are_served(bool ranges)
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await FakeGateway.StartAsync();
        var asked = new List<string>();
        gateway.OnGet = async http =>
        {
            asked.Add(http.Request.Headers.Range.ToString());
            if (asked.Count > 3)
            {
                await Serve(Song, ranges: ranges)(http);
                return;
            }

            await BreakAsync(http, Song, ranges, asked.Count * 10_000);
        };

        var outcome = await CommandLine.RunAsync(gateway, "get", SongId, "-o", folder.At("song.txt"));

        Assert.Equal((ExitCodes.Ok, ""), (outcome.ExitCode, outcome.ExitCode is ExitCodes.Ok ? "" : outcome.Error));
        Assert.Equal(Song, await File.ReadAllBytesAsync(folder.At("song.txt"), TestContext.Current.CancellationToken));
        Assert.Equal(["", "bytes=10000-", "bytes=20000-", "bytes=30000-"], asked);
    }

    [Fact]
    public async Task Get_gives_up_after_a_bounded_number_of_breaks_and_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnGet = http => BreakAsync(http, Song, ranges: true, 10_000);

        var outcome = await CommandLine.RunAsync(
            ["get", SongId, "-o", folder.At("song.txt"), "--gateway", gateway.Address],
            console => console with { Time = new HastyTime() });

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Equal(9, gateway.Requests.Count);
        Assert.StartsWith("p2pcloud: given up after 8 new tries: the connection broke at byte 10000", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(folder.Entries);
    }

    [Fact]
    public async Task Get_of_other_bytes_than_asked_for_leaves_no_file_and_exits_with_1()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnGet = Serve(Song);

        var outcome = await CommandLine.RunAsync(gateway, "get", Samples.HeyJude, "-o", folder.At("song.txt"));

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Equal(
            [$"p2pcloud: the bytes that came are not the content asked for: their SHA-256 is {SongId}, not {Samples.HeyJude}; nothing was kept"],
            outcome.ErrorLines);
        Assert.Empty(folder.Entries);
    }

    [Theory]
    [InlineData("song.txt")]
    [InlineData("")]
    public async Task Get_refuses_to_replace_a_file(string target)
    {
        using var folder = new TemporaryFolder();
        folder.Write("song.txt", "mine");
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnGet = Serve(Song, "song.txt");

        var outcome = await CommandLine.RunAsync(gateway, "get", SongId, "-o", folder.At(target));

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Equal([$"p2pcloud: {folder.At("song.txt")} exists; --force replaces it"], outcome.ErrorLines);
        Assert.Equal("mine", await File.ReadAllTextAsync(folder.At("song.txt"), TestContext.Current.CancellationToken));
        Assert.Equal(["song.txt"], folder.Entries);
    }

    [Fact]
    public async Task Get_with_force_replaces_a_file()
    {
        using var folder = new TemporaryFolder();
        folder.Write("song.txt", "mine");
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnGet = Serve(Song);

        var outcome = await CommandLine.RunAsync(gateway, "get", SongId, "-o", folder.At("song.txt"), "--force");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Equal(Song, await File.ReadAllBytesAsync(folder.At("song.txt"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Get_into_a_folder_that_is_not_there_exits_with_1()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnGet = Serve(Song);

        var outcome = await CommandLine.RunAsync(gateway, "get", SongId, "-o", folder.At("no/such/song.txt"));

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.StartsWith($"p2pcloud: cannot write {folder.At("no/such/song.txt")}: ", outcome.Error, StringComparison.Ordinal);
    }

    private static RequestDelegate Serve(byte[] bytes, string? name = null, bool ranges = true) =>
        http => Results.File(bytes, fileDownloadName: name, enableRangeProcessing: ranges).ExecuteAsync(http);

    /// <summary>Promises the whole rest, sends up to byte <paramref name="end"/>, and cuts the connection.</summary>
    private static async Task BreakAsync(HttpContext http, byte[] bytes, bool ranges, int end)
    {
        var start = ranges && http.Request.GetTypedHeaders().Range?.Ranges.Single().From is { } from ? (int)from : 0;
        var status = start > 0 ? "206 Partial Content" : "200 OK";
        var range = start > 0 ? $"Content-Range: bytes {start}-{bytes.Length - 1}/{bytes.Length}\r\n" : "";
        var head = $"HTTP/1.1 {status}\r\nContent-Length: {bytes.Length - start}\r\n{range}\r\n";

        // Past the server's own writer, which may drop what it has not sent yet when it aborts.
        var socket = http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        await socket.SendAsync(Encoding.ASCII.GetBytes(head), http.RequestAborted);
        await socket.SendAsync(bytes.AsMemory(start, Math.Max(0, end - start)), http.RequestAborted);
        socket.Shutdown(SocketShutdown.Both);
        http.Abort();
    }
}
