using P2PCloud.Contracts.Chord;

namespace P2PCloud.ClusterLoad;

/// <summary>The rules on keys beside <see cref="RegisterRule"/>.</summary>
internal static class KeyRules
{
    /// <summary>Where versions contradict the order of operations, or have two values.</summary>
    public static IEnumerable<Violation> OfVersions(string key, IReadOnlyList<Operation> operations)
    {
        var versioned = operations.Where(operation => operation is { Outcome: Outcome.Ok, Result.Version: not null })
            .Select(operation => (Operation: operation, Version: VersionOf(operation)))
            .OrderBy(operation => operation.Operation.Start)
            .ToList();
        var values = new Dictionary<KeyVersion, string>();
        var known = versioned.Where(operation => operation.Version is not null);
        var ended = new PriorityQueue<(Operation Operation, KeyVersion Version), TimeSpan>(
            known.Select(operation => ((operation.Operation, operation.Version!), operation.Operation.End!.Value)));
        (Operation Operation, KeyVersion Version)? highest = null;
        foreach (var (operation, version) in versioned)
        {
            if (version is null)
            {
                yield return Wrong(operation, $"{key}: #{operation.Id} has the version '{operation.Result!.Version}', which is none.");
                continue;
            }

            while (ended.TryPeek(out var before, out var end) && end < operation.Start)
            {
                ended.Dequeue();
                highest = highest is null || before.Version > highest.Value.Version ? before : highest;
            }

            if (highest is { } top && version < top.Version)
            {
                yield return Wrong(
                    operation, $"{key}: #{operation.Id} has version {version}, though #{top.Operation.Id} had ended before with {top.Version}.");
            }

            var value = (operation.Subject.Written ?? operation.Result!.Read)!;
            if (!values.TryAdd(version, value) && values[version] != value)
            {
                yield return Wrong(operation, $"{key}: version {version} has two values, {values[version]} and {value}.");
            }
        }
    }

    /// <summary>Acknowledged writes of two keys that share a version: an owner takes the second for the first one that comes again.</summary>
    public static IEnumerable<Violation> OfWriters(IEnumerable<Operation> operations)
    {
        var writers = new Dictionary<string, Operation>(StringComparer.Ordinal);
        foreach (var put in operations.Where(KeyEffects.IsAcknowledgedPut))
        {
            if (put.Result!.Version is { } version && !writers.TryAdd(version, put) && writers[version].Subject.Key != put.Subject.Key)
            {
                yield return Wrong(put, $"{put.Subject.Key}: put #{put.Id} has version {version}, as has put #{writers[version].Id} of {writers[version].Subject.Key}.");
            }
        }
    }

    /// <summary>What the last answer at the end says about a key that has an acknowledged put; null when the value may be there.</summary>
    public static Violation? OfFinalReads(string key, IReadOnlyList<Operation> operations)
    {
        var acknowledged = operations.Where(KeyEffects.IsAcknowledgedPut).ToList();
        if (acknowledged.Count == 0)
        {
            return null;
        }

        if (operations.LastOrDefault(operation => operation.Subject.Phase is Phase.Final && KeyEffects.IsAnsweredGet(operation)) is not { } last)
        {
            var tried = operations.LastOrDefault(operation => operation.Subject.Phase is Phase.Final);
            return new Violation(ViolationKind.KeyUnread, tried?.Id, $"{key}: {(tried is null ? "was not read" : "could not be read")} at the end.");
        }

        var before = acknowledged.Where(put => put.End < last.Start).ToList();
        if (last.Outcome is Outcome.NotFound)
        {
            return before.Count == 0 ? null : Lost(last, $"{key}: there is no value at the end, though put #{before[^1].Id} was acknowledged.");
        }

        var writer = operations.LastOrDefault(put => put.Subject.Kind is OperationKind.Put && put.Subject.Written == last.Result!.Read);
        if (writer is null || !KeyEffects.MayHaveHappened(writer))
        {
            return Lost(last, $"{key}: the value at the end is {last.Result!.Read ?? "nothing"}, which no put can have written.");
        }

        return KeyEffects.IsAcknowledgedPut(writer) && before.Find(put => writer.End < put.Start) is { } later
            ? Lost(last, $"{key}: the value at the end is that of put #{writer.Id}, though put #{later.Id} overwrote it and was acknowledged.")
            : null;
    }

    private static Violation Wrong(Operation operation, string text) => new(ViolationKind.Version, operation.Id, text);

    private static Violation Lost(Operation operation, string text) => new(ViolationKind.KeyLost, operation.Id, text);

    private static KeyVersion? VersionOf(Operation operation) =>
        KeyVersion.TryParse(operation.Result!.Version, out var version) ? version : null;
}
