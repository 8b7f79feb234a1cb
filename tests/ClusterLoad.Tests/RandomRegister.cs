using P2PCloud.Overlays.Common;

namespace P2PCloud.ClusterLoad.Tests;

/// <summary>A register at which operations happen at random instants, and the history that its callers see.</summary>
internal static class RandomRegister
{
    private const int Instants = 1_000_000;

    /// <summary>A legal history of one key.</summary>
    /// <param name="seed">Of all chance.</param>
    /// <param name="count">Operations.</param>
    public static IReadOnlyList<Operation> Operations(ulong seed, int count)
    {
        var random = new SplitMix64(seed);
        var longest = 1 + random.NextBelow(Instants / 2);
        var plans = Enumerable.Range(1, count).Select(id => PlanOf(id, longest, random)).OrderBy(plan => plan.Effect).ToList();
        string? state = null;
        var operations = new List<Operation>();
        foreach (var plan in plans)
        {
            var isPut = plan.Operation.Subject.Written is not null;
            state = isPut && plan.Happens ? plan.Operation.Subject.Written : state;
            operations.Add(isPut || plan.Operation.Outcome is not Outcome.Ok ? plan.Operation : plan.Operation with
            {
                Result = state is null ? new OperationResult(Outcome.NotFound, 404) : new OperationResult(Outcome.Ok, Read: state),
            });
        }

        return [.. operations.OrderBy(operation => operation.Start)];
    }

    private static (Operation Operation, long Effect, bool Happens) PlanOf(int id, int longest, SplitMix64 random)
    {
        var start = random.NextBelow(Instants);
        var end = start + random.NextBelow(longest);
        var effect = start + random.NextBelow(end - start + 1);
        if (random.NextBelow(2) == 0)
        {
            var isAnswered = random.NextBelow(10) > 0;
            var get = new OperationSubject(OperationKind.Get, Phase.Load, Key: Story.Key);
            return (Of(id, get, start, end, new OperationResult(isAnswered ? Outcome.Ok : Outcome.Deadline)), effect, true);
        }

        var put = new OperationSubject(OperationKind.Put, Phase.Load, Key: Story.Key, Written: $"{id}");
        return random.NextBelow(6) switch
        {
            0 => (Of(id, put, start, end, new OperationResult(Outcome.Refused, 503, "about:blank")), effect, false),
            1 => (Of(id, put, start, end, new OperationResult(Outcome.Deadline)), start + random.NextBelow(2 * Instants), random.NextBelow(3) > 0),
            2 => (Of(id, put, start, null, null), start + random.NextBelow(2 * Instants), random.NextBelow(3) > 0),
            _ => (Of(id, put, start, end, new OperationResult(Outcome.Ok)), effect, true),
        };
    }

    private static Operation Of(int id, OperationSubject subject, int start, int? end, OperationResult? result)
    {
        var begin = TimeSpan.FromMicroseconds(start);
        return new Operation(id, subject, begin, end is { } time ? TimeSpan.FromMicroseconds(time) : null, result, begin);
    }
}
