using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace P2PCloud.ClusterLoad.Tests;

public sealed class HistoryFileTests : IDisposable
{
    private static readonly OperationSubject Put = new(OperationKind.Put, Phase.Load, Key: "k", Written: "a");
    private static readonly OperationResult Ok = new(Outcome.Ok, 200, Version: "v", Gateway: "localhost:8080");

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;
    private readonly FakeTimeProvider _time = new();

    private string Path => System.IO.Path.Combine(_folder, "new", "history.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_written_is_read()
    {
        using (var writer = HistoryWriter.Create(Path, _time))
        {
            writer.Load(TimeSpan.FromSeconds(20), new Dictionary<string, double> { ["put"] = 2.5 });
            _time.Advance(TimeSpan.FromSeconds(1));
            var id = writer.Begin(Put, TimeSpan.FromMilliseconds(900));
            writer.Mark("killed peer-1");
            writer.Absent("peer-1");
            _time.Advance(TimeSpan.FromSeconds(1));
            writer.Present("peer-1");
            writer.Skipped(Put, TimeSpan.FromSeconds(2));
            writer.End(id, Ok);
        }

        var history = await History.ReadAsync(Path, TestContext.Current.CancellationToken);

        var (one, two) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        Assert.Equal([new Operation(1, Put, one, two, Ok, TimeSpan.FromMilliseconds(900))], history.Operations);
        Assert.Equal([new Mark("killed peer-1", one)], history.Marks);
        Assert.Equal([new Absence("peer-1", one, two)], history.Absences);
        Assert.Equal((2.5, 1, TimeSpan.FromSeconds(20), two), (history.Rates["put"], history.Skipped["put"], history.Deadline, history.End));
    }

    [Fact]
    public async Task The_file_of_a_run_that_is_killed_has_the_operations_that_were_under_way()
    {
        using var writer = HistoryWriter.Create(Path, _time);
        writer.End(writer.Begin(Put), Ok);
        writer.Begin(Put with { Written = "b" });

        var history = await History.ReadAsync(Path, TestContext.Current.CancellationToken);

        Assert.Equal([Outcome.Ok, null], history.Operations.Select(operation => operation.Outcome));
        Assert.Equal(1, HistoryChecker.Check(history).WithoutOutcome);
    }

    [Fact]
    public void A_last_line_that_was_cut_off_is_left_out()
    {
        var text = Written(writer => writer.End(writer.Begin(Put), Ok));

        Assert.Null(Assert.Single(History.Parse(text[..^3]).Operations).Outcome);
    }

    [Fact]
    public void A_line_that_is_wrong_is_named()
    {
        var text = Written(writer => writer.Begin(Put));

        Assert.StartsWith("Line 3 ", Assert.Throws<FormatException>(() => History.Parse(text + "{\n")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_ends_once()
    {
        var text = Written(writer =>
        {
            var id = writer.Begin(Put);
            writer.End(id, Ok);
            writer.End(id, Ok);
        });

        Assert.StartsWith("Line 4 ", Assert.Throws<FormatException>(() => History.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_history_that_is_there_is_not_written_over()
    {
        HistoryWriter.Create(Path, _time).Dispose();

        Assert.Throws<IOException>(() => HistoryWriter.Create(Path, _time));
    }

    [Fact]
    public void A_line_says_in_words_what_happened()
    {
        var line = Written(writer => writer.Begin(Put)).Split('\n')[1];

        Assert.Equal("""{"event":"begin","at":0,"id":1,"subject":{"kind":"put","phase":"load","key":"k","written":"a"}}""", line);
    }

    private string Written(Action<HistoryWriter> write)
    {
        var stream = new MemoryStream();
        using (var writer = new HistoryWriter(stream, _time))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
