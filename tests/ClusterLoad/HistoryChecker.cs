namespace P2PCloud.ClusterLoad;

/// <summary>
/// Reads a history and says what it shows.
/// <para><b>Keys.</b> P2PCloud promises for operations with <c>consistency=quorum</c> that the last writer wins, that a version is given
/// once where a write begins and is above every version that was acknowledged before, and that an acknowledged write is read by every later
/// read: each key is a linearizable register. A put with outcome ok happened at one instant between its start and its end. A put that was
/// refused with 503 or 4xx, or for which no gateway could be reached, never happened: the interface says "nothing was written". Every other
/// put (502, 504, 500, deadline, connection, unreadable, without outcome) may happen at one instant at any time after its start, even after
/// later puts, or never. A get with outcome ok read the value, one with outcome notFound found none, at one instant between its start and
/// its end; all other gets say nothing. Hence a read may return the value of any put that was not certainly overwritten before the read
/// began. The rule is exact: it finds every history that contradicts this, and calls no other one a violation (see
/// <see cref="RegisterRule"/>). Times are equal to a microsecond: what ends in the same one in which another begins is concurrent with it.
/// Besides, an operation that began after another had ended has no lower version, and a version has one value. A write is acknowledged by a
/// majority of its copies: a scenario that takes all of these away at once, with what they keep on disk, must expect violations.</para>
/// <para><b>Lost keys.</b> The last answered read of each key in the final phase is judged by the puts alone: no value although a put was
/// acknowledged before; a value that no put can have written; or the value of an acknowledged put that ended before another acknowledged
/// put began, which ended before the read.</para>
/// <para><b>Files.</b> A download with outcome ok has the SHA-256 that is the content's id. A file must be found by a lookup and fetched by
/// a download while at least one peer that shares it was not absent at any time from the operation's start to its end.</para>
/// <para><b>Failures</b> are loud: each operation has an outcome, within the deadline, and a refusal has a status of 5xx or 429 and problem
/// details. That a connection breaks is one only where the scenario takes a gateway away, or for a download, whose provider may end.</para>
/// <para><b>Longest unavailability</b> of a stream: the longest interval between the ends of two successive successes (or the begin or end
/// of the load) in which an operation failed, or which is longer than the load explains: two periods of the stream and 2 s, not
/// counting operations on files of absent peers. Its resolution is a period of the stream.</para>
/// <para><b>Recovery</b> of a stream from an instant: the time until the end of the first success after the last failure in the window, if
/// at least <see cref="CheckOptions.SuccessesInARow"/> successes and no failure follow within it; also until the end of the last interval
/// without a success that is longer than the load explains. Zero when there was neither. A stream that has been in such an interval for
/// longer than that when the window ends has not recovered.</para>
/// </summary>
public static class HistoryChecker
{
    private const int TooManyRequests = 429;

    /// <summary>Judges a history.</summary>
    /// <exception cref="ArgumentException">A window names a mark that is not there.</exception>
    public static CheckResult Check(History history, CheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        var rules = options ?? new CheckOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(rules.SuccessesInARow, 1, nameof(options));
        var ofEach = history.Operations.SelectMany(operation => OfOne(operation, history.Deadline, rules));
        List<Violation> violations = [.. OfKeys(history, rules), .. ofEach];
        var verdicts = new Verdicts(history);
        var load = history.Operations.Where(operation => operation.Subject.Phase is Phase.Load)
            .GroupBy(operation => operation.Stream, StringComparer.Ordinal)
            .ToDictionary(
                stream => stream.Key,
                stream => stream.Select(operation => (Operation: operation, Verdict: verdicts.Of(operation))).ToList(),
                StringComparer.Ordinal);
        var (begin, end) = BoundsOf(load.Values.SelectMany(stream => stream).Select(operation => operation.Operation), history.End);
        var availability = load.ToDictionary(
            stream => stream.Key,
            stream => new Availability(stream.Value, history.Rates.TryGetValue(stream.Key, out var rate) ? rate : null, begin, end),
            StringComparer.Ordinal);
        return new CheckResult
        {
            Violations = violations,
            ByStream = load.ToDictionary(
                stream => stream.Key, stream => FiguresOf(stream.Value, availability[stream.Key].Longest), StringComparer.Ordinal),
            Recoveries = [.. WindowsOf(history, rules, end).Select(window => RecoveryIn(window, availability, rules.SuccessesInARow))],
            KeysLost = violations.Count(violation => violation.Kind is ViolationKind.KeyLost),
            KeysUnread = violations.Count(violation => violation.Kind is ViolationKind.KeyUnread),
            WrongBytes = violations.Count(violation => violation.Kind is ViolationKind.WrongBytes),
            WithoutOutcome = violations.Count(violation => violation.Kind is ViolationKind.NoOutcome),
            Skipped = history.Skipped.Values.Sum(),
            Probes = history.Operations.Count(operation => operation is { Subject.Phase: Phase.Probe, Outcome: Outcome.Ok }),
        };
    }

    private static IEnumerable<Violation> OfKeys(History history, CheckOptions options)
    {
        foreach (var violation in KeyRules.OfWriters(history.Operations))
        {
            yield return violation;
        }

        var keys = history.Operations.Where(operation => operation.Subject.Kind is OperationKind.Put or OperationKind.Get)
            .GroupBy(operation => operation.Subject.Key!, StringComparer.Ordinal);
        foreach (var key in keys)
        {
            var operations = key.ToList();
            foreach (var violation in RegisterRule.Violations(key.Key, operations).Concat(KeyRules.OfVersions(key.Key, operations)))
            {
                yield return violation;
            }

            if (options.FinalReads && KeyRules.OfFinalReads(key.Key, operations) is { } lost)
            {
                yield return lost;
            }
        }
    }

    private static IEnumerable<Violation> OfOne(Operation operation, TimeSpan? deadline, CheckOptions options)
    {
        var name = $"{operation.Stream} #{operation.Id}";
        if (operation.Result is not { } result || operation.End is not { } end)
        {
            yield return new Violation(ViolationKind.NoOutcome, operation.Id, $"{name} has no outcome.");
            yield break;
        }

        if (result.Outcome is Outcome.Deadline || end - operation.Start > deadline + options.DeadlineTolerance)
        {
            yield return new Violation(ViolationKind.Late, operation.Id, $"{name} took {(end - operation.Start).TotalSeconds:0.0} s.");
        }

        if (Verdicts.HasWrongBytes(operation))
        {
            yield return new Violation(
                ViolationKind.WrongBytes, operation.Id, $"{name} of {operation.Subject.File} brought bytes with SHA-256 {result.Sha256 ?? "unknown"}.");
        }

        var reason = result.Detail ?? "without a reason";
        if (result.Outcome is Outcome.Unreadable || (result.Outcome is Outcome.Refused && !IsExplained(operation.Subject, result)))
        {
            yield return new Violation(ViolationKind.Unexplained, operation.Id, $"{name} was answered {result.Status}: {reason}.");
        }

        if (result.Outcome is Outcome.Connection && !options.GatewaysMayEnd && operation.Subject.Kind is not OperationKind.Download)
        {
            yield return new Violation(ViolationKind.Unexplained, operation.Id, $"{name} had its connection broken: {reason}.");
        }
    }

    /// <summary>Where an operation names a peer, a gateway may say that it does not know that peer yet.</summary>
    private static bool IsExplained(OperationSubject subject, OperationResult result) =>
        result.Problem is not null && (result.Status is >= 500 or TooManyRequests || subject.Phase is Phase.Prepare or Phase.Probe);

    private static (TimeSpan Begin, TimeSpan End) BoundsOf(IEnumerable<Operation> load, TimeSpan end)
    {
        var operations = load.ToList();
        return operations.Count == 0
            ? (end, end)
            : (operations.Min(operation => operation.Start), operations.Max(operation => operation.End ?? end));
    }

    private static StreamFigures FiguresOf(List<(Operation Operation, Verdict Verdict)> operations, TimeSpan longest)
    {
        var failures = operations.Where(operation => operation.Verdict is Verdict.Failure).Select(operation => operation.Operation).ToList();
        var misses = failures.Where(failure => failure is { Subject.Kind: OperationKind.Lookup, Outcome: Outcome.NotFound }).ToList();
        var incomplete = misses.Count(miss => miss.Result!.Complete is false);
        return new StreamFigures(
            operations.Count,
            operations.Count(operation => operation.Verdict is Verdict.Success),
            failures.GroupBy(Verdicts.KindOf, StringComparer.Ordinal).ToDictionary(kind => kind.Key, kind => kind.Count(), StringComparer.Ordinal),
            misses.Count - incomplete,
            incomplete,
            operations.Count(operation => operation.Verdict is Verdict.Excused),
            longest,
            operations.Max(operation => (operation.Operation.End ?? operation.Operation.Start) - operation.Operation.Start));
    }

    private static IEnumerable<(string Name, TimeSpan From, TimeSpan Until)> WindowsOf(History history, CheckOptions options, TimeSpan end)
    {
        return options.Recoveries.Count > 0
            ? options.Recoveries.Select(window => (window.From, Find(window.From), window.Until is null ? end : Find(window.Until)))
            : history.Marks.Select((mark, i) => (mark.Name, mark.At, i + 1 < history.Marks.Count ? history.Marks[i + 1].At : end));

        TimeSpan Find(string name) => history.Marks.FirstOrDefault(mark => mark.Name == name)?.At
            ?? throw new ArgumentException($"The history has no mark '{name}'.", nameof(options));
    }

    private static Recovery RecoveryIn(
        (string Name, TimeSpan From, TimeSpan Until) window, Dictionary<string, Availability> availability, int inARow) =>
        new(window.Name, availability.ToDictionary(
            stream => stream.Key, stream => stream.Value.Recovery(window.From, window.Until, inARow), StringComparer.Ordinal));
}
