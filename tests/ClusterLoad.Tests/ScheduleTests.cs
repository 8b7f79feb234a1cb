using Microsoft.Extensions.Time.Testing;
using P2PCloud.Contracts;

namespace P2PCloud.ClusterLoad.Tests;

public sealed class ScheduleTests
{
    [Fact]
    public async Task An_operation_starts_when_it_is_due_whether_or_not_earlier_ones_have_ended()
    {
        await using var gateway = await FakeGateway.StartAsync();
        await using var recording = await Recording.StartAsync(Recording.Reads(gateway.Address));
        var held = gateway.Hold();

        await recording.PassUntilAsync(() => held.Count >= 20);
        held.Release();

        Assert.InRange(MostTogether(await recording.EndAsync()), 20, int.MaxValue);
    }

    [Fact]
    public async Task What_would_be_above_the_bound_is_not_started_and_recorded_as_skipped()
    {
        await using var gateway = await FakeGateway.StartAsync();
        await using var recording = await Recording.StartAsync(Recording.Reads(gateway.Address) with { UnderWayMax = 4, OperationsMax = 30 });
        var held = gateway.Hold();

        await recording.PassUntilAsync(() => held.Count == 4 && recording.Now > TimeSpan.FromSeconds(4));
        held.Release();

        var history = await recording.EndAsync();
        Assert.Equal((4, 26), (LoadOf(history).Count, history.Skipped[Streams.Get]));
    }

    [Fact]
    public async Task The_load_ends_with_the_last_operation_of_its_bound()
    {
        await using var gateway = await FakeGateway.StartAsync();
        await using var recording = await Recording.StartAsync(Recording.Reads(gateway.Address) with { OperationsMax = 7 });

        await recording.PassUntilAsync(() => recording.Now > TimeSpan.FromSeconds(3));

        Assert.Equal(7, LoadOf(await recording.EndAsync()).Count);
    }

    [Fact]
    public async Task To_stop_is_to_wait_for_the_outcomes_of_what_has_started()
    {
        await using var gateway = await FakeGateway.StartAsync();
        await using var recording = await Recording.StartAsync(Recording.Reads(gateway.Address));
        var held = gateway.Hold();
        await recording.PassUntilAsync(() => held.Count >= 3);

        var stopped = recording.Load.StopAsync();
        Assert.False(stopped.IsCompleted);
        held.Release();
        await stopped;

        Assert.All((await recording.ReadAsync()).Operations, operation => Assert.Equal(Outcome.Ok, operation.Outcome));
    }

    [Fact]
    public async Task A_history_that_can_no_longer_be_written_ends_the_load_and_is_a_failure()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var time = new FakeTimeProvider();
        var history = new HistoryWriter(new MemoryStream(), time);
        var load = await LoadGenerator.StartAsync(Recording.Reads(gateway.Address), history, time, TestContext.Current.CancellationToken);
        history.Dispose();
        time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<IOException>(load.StopAsync);
    }

    [Fact]
    public async Task Each_stream_has_one_operation_in_each_of_its_periods_and_the_seed_says_when()
    {
        var first = await DueAsync(seed: 1);
        var again = await DueAsync(seed: 1);
        var other = await DueAsync(seed: 2);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        foreach (var (stream, rate) in new[] { (Streams.Get, 10.0), (Streams.Put, 4.0), (Techniques.Chord, 2.0) })
        {
            var due = first.Where(operation => operation.Stream == stream).Select(operation => operation.Due).ToList();
            Assert.Equal(Enumerable.Range(0, due.Count), due.Select(at => (int)Math.Floor(at * rate)));
        }
    }

    /// <summary>The first 40 operations: stream, key or file, and seconds since the load began.</summary>
    private static async Task<List<(string Stream, string? Item, double Due)>> DueAsync(ulong seed)
    {
        await using var gateway = await FakeGateway.StartAsync();
        await using var recording = await Recording.StartAsync(Recording.Reads(gateway.Address) with
        {
            PutRate = 4,
            LookupRates = new Dictionary<string, double> { [Techniques.Chord] = 2 },
            OperationsMax = 40,
            Seed = seed,
        });
        await recording.PassUntilAsync(() => recording.Now > TimeSpan.FromSeconds(4));
        return [.. LoadOf(await recording.EndAsync()).Select(operation =>
            (operation.Stream, operation.Subject.Key ?? operation.Subject.File, operation.Due.TotalSeconds))];
    }

    private static List<Operation> LoadOf(History history) => [.. history.Operations.Where(operation => operation.Subject.Phase is Phase.Load)];

    private static int MostTogether(History history)
    {
        var load = LoadOf(history);
        return load.Max(one => load.Count(other => other.Start <= one.Start && other.End > one.Start));
    }
}
