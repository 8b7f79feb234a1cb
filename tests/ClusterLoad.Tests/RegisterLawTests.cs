using System.Globalization;
using CsCheck;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.ClusterLoad.Tests;

public sealed class RegisterLawTests
{
    private static readonly Gen<(ulong Seed, int Count)> Histories = Gen.Select(Gen.ULong, Gen.Int[1, 60]);
    private static readonly Gen<(ulong Seed, int Count)> Small = Gen.Select(Gen.ULong, Gen.Int[2, 9]);

    [Fact]
    public void A_register_is_never_called_violated() => Histories.Sample(
        history => Assert.Empty(ViolationsOf(RandomRegister.Operations(history.Seed, history.Count))), iter: 3000);

    [Fact]
    public void An_overwritten_value_that_is_planted_in_a_history_is_found()
    {
        var planted = 0;
        Histories.Sample(
            history =>
            {
                var operations = RandomRegister.Operations(history.Seed, history.Count);
                if (WithOverwrittenRead(operations, new SplitMix64(history.Seed)) is { } wrong)
                {
                    Interlocked.Increment(ref planted);
                    Assert.NotEmpty(ViolationsOf(wrong));
                }
            },
            iter: 3000);

        Assert.InRange(planted, 1000, 3000);
    }

    [Fact]
    public void A_lost_value_that_is_planted_in_a_history_is_found() => Histories.Sample(
        history =>
        {
            var operations = RandomRegister.Operations(history.Seed, history.Count);
            var last = operations.Max(operation => operation.End ?? operation.Start);
            var after = last + TimeSpan.FromSeconds(1);
            var isWritten = operations.Any(operation => operation.Outcome is Outcome.Ok);
            var read = new OperationSubject(OperationKind.Get, Phase.Final, Key: Story.Key);
            var missing = new Operation(1000, read, after, after, new OperationResult(Outcome.NotFound, 404), after);

            Assert.Equal(isWritten, ViolationsOf([.. operations, missing]).Any());
        },
        iter: 2000);

    /// <summary>The same verdict as the search of Wing and Gong, on histories of which about half are legal.</summary>
    [Fact]
    public void The_verdict_is_that_of_a_search_through_all_orders()
    {
        var (legal, illegal) = (0, 0);
        Small.Sample(
            history =>
            {
                var operations = Garbled(RandomRegister.Operations(history.Seed, history.Count), new SplitMix64(~history.Seed));
                var misfit = Linearizability.FirstMisfit(operations.Where(operation => operation.Outcome is not Outcome.Refused).Select(Translated));
                Interlocked.Increment(ref misfit is null ? ref legal : ref illegal);

                Assert.Equal(misfit is null, !ViolationsOf(operations).Any());
            },
            iter: 20_000);

        Assert.All([legal, illegal], count => Assert.InRange(count, 2000, 18_000));
    }

    private static bool IsAcknowledgedPut(Operation operation) => operation is { Subject.Kind: OperationKind.Put, Outcome: Outcome.Ok };

    private static IEnumerable<Violation> ViolationsOf(IReadOnlyList<Operation> operations) =>
        HistoryChecker.Check(new History { Operations = operations }, new CheckOptions { FinalReads = false }).Violations
            .Where(violation => violation.Kind is ViolationKind.Register);

    /// <summary>One read returns the value of an acknowledged put that ended before another one began, which ended before the read
    /// began.</summary>
    private static List<Operation>? WithOverwrittenRead(IReadOnlyList<Operation> operations, SplitMix64 random)
    {
        var puts = operations.Where(IsAcknowledgedPut).ToList();
        var candidates = operations.Where(read => read is { Subject.Kind: OperationKind.Get, Outcome: Outcome.Ok })
            .SelectMany(read => puts.Where(old => puts.Any(later => old.End < later.Start && later.End < read.Start)).Select(old => (read, old)))
            .ToList();
        if (candidates.Count == 0)
        {
            return null;
        }

        var (wrong, value) = candidates[random.NextBelow(candidates.Count)];
        return [.. operations.Select(operation => operation == wrong
            ? operation with { Result = operation.Result! with { Read = value.Subject.Written } }
            : operation)];
    }

    /// <summary>One read in three has a value by chance.</summary>
    private static List<Operation> Garbled(IReadOnlyList<Operation> operations, SplitMix64 random)
    {
        var written = operations.Where(operation => operation.Subject.Written is not null && operation.Outcome is not Outcome.Refused)
            .Select(put => put.Subject.Written).Append(null).ToList();
        return [.. operations.Select(operation =>
        {
            if (operation is not { Subject.Kind: OperationKind.Get, Outcome: Outcome.Ok or Outcome.NotFound } || random.NextBelow(3) > 0)
            {
                return operation;
            }

            var value = written[random.NextBelow(written.Count)];
            return operation with
            {
                Result = value is null ? new OperationResult(Outcome.NotFound, 404) : new OperationResult(Outcome.Ok, Read: value),
            };
        })];
    }

    private static KeyOperation Translated(Operation operation)
    {
        var isPut = operation.Subject.Kind is OperationKind.Put;
        var number = isPut ? long.Parse(operation.Subject.Written!, CultureInfo.InvariantCulture) : operation.Id;
        var read = operation.Result?.Read is { } value ? long.Parse(value, CultureInfo.InvariantCulture) : (long?)null;
        return new KeyOperation(
            number, Story.Key, isPut ? KeyAction.Put : KeyAction.Get, Consistency.Quorum, new KeyCondition(), "n", operation.Start)
        {
            End = operation.End,
            Result = operation.Outcome switch
            {
                Outcome.Ok => new KeyResult(KeyOutcome.Ok, Value: read is { } known ? BitConverter.GetBytes(known) : null),
                Outcome.NotFound => new KeyResult(KeyOutcome.NotFound),
                _ => null,
            },
        };
    }
}
