using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Scenarios.Tests;

public sealed class KeyHistoryTests
{
    private readonly KeyHistory _history = new();
    private long _lastNumber;

    [Fact]
    public void A_read_of_the_last_acknowledged_write_obeys_the_rules()
    {
        Assert.Empty(Put(0, 1, version: 1, out var number));

        Assert.Empty(Get(2, 3, Found(number, 1)));
        Assert.Null(Linearizability.FirstMisfit(_history.Of("k")));
    }

    [Fact]
    public void A_read_that_misses_an_acknowledged_write_is_told()
    {
        Put(0, 1, version: 1, out _);

        Assert.Contains("acknowledged write is lost", Assert.Single(Get(2, 3, new KeyResult(KeyOutcome.NotFound))), StringComparison.Ordinal);
        Assert.NotNull(Linearizability.FirstMisfit(_history.Of("k")));
    }

    [Fact]
    public void A_read_of_an_older_value_is_told_unless_the_newer_write_was_under_way()
    {
        Put(0, 1, version: 1, out var older);
        Put(4, 9, version: 2, out _);

        Assert.Empty(Get(5, 6, Found(older, 1)));
        Assert.Contains("acknowledged write is lost", Assert.Single(Get(10, 11, Found(older, 1))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_deleted_value_that_comes_back_is_told()
    {
        Put(0, 1, version: 1, out var number);
        End(Begin(2, KeyAction.Delete), 3, new KeyResult(KeyOutcome.Ok, Version(2)));

        Assert.Contains("brings back", Assert.Single(Get(4, 5, Found(number, 1))), StringComparison.Ordinal);
        Assert.NotNull(Linearizability.FirstMisfit(_history.Of("k")));
    }

    [Fact]
    public void A_value_that_nobody_wrote_is_told_whatever_is_promised()
    {
        var read = Begin(0, KeyAction.Get);

        Assert.Contains("nobody wrote", Assert.Single(_history.End(read, Second(1), Found(77, 1), KeyPromise.None)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_whose_answer_is_not_known_may_be_seen_or_not()
    {
        Put(0, 1, version: 1, out var first);
        var lost = Begin(2, KeyAction.Put);

        Assert.Empty(Get(3, 4, Found(first, 1)));
        Assert.Empty(Get(5, 6, Found(lost.Number, 2)));
        Assert.Null(Linearizability.FirstMisfit(_history.Of("k")));
    }

    [Fact]
    public void Two_writers_that_both_replaced_the_same_version_are_not_linearizable()
    {
        Put(0, 1, version: 1, out _);
        var condition = new KeyCondition(IfVersion: Version(1));
        var one = Begin(2, KeyAction.Put, condition);
        var other = Begin(2, KeyAction.Put, condition);
        End(one, 5, new KeyResult(KeyOutcome.Ok, Version(2)));
        Assert.Null(Linearizability.FirstMisfit(_history.Of("k")));

        End(other, 6, new KeyResult(KeyOutcome.Ok, Version(3)));

        Assert.NotNull(Linearizability.FirstMisfit(_history.Of("k")));
    }

    [Fact]
    public void A_conflict_fits_only_where_the_condition_does_not_hold()
    {
        Put(0, 1, version: 1, out _);
        End(Begin(2, KeyAction.Put, new KeyCondition(IfAbsent: true)), 3, new KeyResult(KeyOutcome.Conflict, Version(1)));
        Assert.Null(Linearizability.FirstMisfit(_history.Of("k")));

        End(Begin(4, KeyAction.Put, new KeyCondition(IfPresent: true)), 5, new KeyResult(KeyOutcome.Conflict));

        Assert.NotNull(Linearizability.FirstMisfit(_history.Of("k")));
    }

    [Fact]
    public void A_later_write_with_an_earlier_version_is_told()
    {
        Put(0, 1, version: 5, out _);

        Assert.Contains("earlier version", Assert.Single(Put(2, 3, version: 4, out _)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_with_the_version_of_a_write_of_another_key_is_told()
    {
        Put(0, 1, version: 1, out _);
        var other = new KeyOperation(7, "another", KeyAction.Put, Consistency.Quorum, KeyCondition.None, "peer-0#0", Second(2));
        _history.Begin(other);

        var broken = _history.End(other, Second(3), new KeyResult(KeyOutcome.Ok, Version(1)), KeyPromise.Quorum);

        Assert.Contains("has the version of", Assert.Single(broken), StringComparison.Ordinal);
    }

    private static KeyVersion Version(long time) => new(time, "peer-0#0");

    private static TimeSpan Second(int second) => TimeSpan.FromSeconds(second);

    private static KeyResult Found(long number, long version) => new(KeyOutcome.Ok, Version(version), BitConverter.GetBytes(number));

    private KeyOperation Begin(int start, KeyAction action, KeyCondition? condition = null)
    {
        var operation = new KeyOperation(++_lastNumber, "k", action, Consistency.Quorum, condition ?? KeyCondition.None, "peer-1#0", Second(start));
        _history.Begin(operation);
        return operation;
    }

    private List<string> End(KeyOperation operation, int end, KeyResult result) =>
        [.. _history.End(operation, Second(end), result, KeyPromise.All)];

    private List<string> Put(int start, int end, long version, out long number)
    {
        var put = Begin(start, KeyAction.Put);
        number = put.Number;
        return End(put, end, new KeyResult(KeyOutcome.Ok, Version(version)));
    }

    private List<string> Get(int start, int end, KeyResult result) => End(Begin(start, KeyAction.Get), end, result);
}
