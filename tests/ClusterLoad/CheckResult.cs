namespace P2PCloud.ClusterLoad;

/// <summary>What can be wrong with a history.</summary>
public enum ViolationKind
{
    /// <summary>The operations on a key are not those of a register: a read has a value that nobody wrote, or that had certainly been
    /// overwritten, or that was read before it was written; or an acknowledged value is not there.</summary>
    Register,

    /// <summary>The versions of a key contradict the order of its operations, or one version has two values.</summary>
    Version,

    /// <summary>At the end an acknowledged value of a key is not there: the key is missing, or has an older value.</summary>
    KeyLost,

    /// <summary>At the end a key could not be read.</summary>
    KeyUnread,

    /// <summary>A download brought other bytes than those that were shared.</summary>
    WrongBytes,

    /// <summary>An operation ended by its deadline, or after it: the cloud did not say that it failed.</summary>
    Late,

    /// <summary>A refusal without problem details, or that says that the request was wrong, or a success that cannot be read.</summary>
    Unexplained,

    /// <summary>An operation has no outcome.</summary>
    NoOutcome,
}

/// <summary>Something that must not be.</summary>
/// <param name="Kind">What.</param>
/// <param name="Operation">Id of the operation that shows it; null when it is about a whole key.</param>
/// <param name="Text">In words, with the operations that contradict each other.</param>
public sealed record Violation(ViolationKind Kind, long? Operation, string Text);

/// <summary>Figures of one stream of operations, in the load: see <see cref="Streams"/>.</summary>
/// <param name="Operations">Operations that began.</param>
/// <param name="Successes">Those that did what was asked: for a lookup or download, that found or fetched the file; for a key, that it was
/// written, read, or said not to be there.</param>
/// <param name="Failures">How many failed, by outcome; a file that must be found and was not is <c>notFound</c>, no outcome is
/// <c>none</c>.</param>
/// <param name="Misses">Of a lookup: answers without the file, though a peer that was there all the time shares it, and the answer says
/// that it is complete.</param>
/// <param name="Incomplete">The same, where the answer says that it may not be complete.</param>
/// <param name="Excused">Lookups and downloads that found nothing while each peer that shares the file was absent: neither success nor
/// failure.</param>
/// <param name="LongestUnavailability">See <see cref="HistoryChecker"/>; zero when it was available all the time.</param>
/// <param name="Slowest">Longest time of an operation, whatever its outcome.</param>
public sealed record StreamFigures(
    int Operations,
    int Successes,
    IReadOnlyDictionary<string, int> Failures,
    int Misses,
    int Incomplete,
    int Excused,
    TimeSpan LongestUnavailability,
    TimeSpan Slowest)
{
    /// <summary>All failures.</summary>
    public int Failed => Failures.Values.Sum();

    /// <summary>Share of the lookups of files that must be found that found them, 0 to 1; 1 when there were none. Refused and broken ones
    /// do not count.</summary>
    public double Recall => Successes + Misses + Incomplete == 0 ? 1 : (double)Successes / (Successes + Misses + Incomplete);
}

/// <summary>How soon after an instant all was well again.</summary>
/// <param name="From">Name of the mark.</param>
/// <param name="ByStream">Time by stream; null: not recovered within the window.</param>
public sealed record Recovery(string From, IReadOnlyDictionary<string, TimeSpan?> ByStream)
{
    /// <summary>The longest; null when a stream had not recovered.</summary>
    public TimeSpan? Longest => ByStream.Values.Any(time => time is null) ? null : ByStream.Values.Append(TimeSpan.Zero).Max();
}

/// <summary>What a history shows.</summary>
public sealed record CheckResult
{
    /// <summary>All that must not be.</summary>
    public required IReadOnlyList<Violation> Violations { get; init; }

    /// <summary>By stream, only those of the load.</summary>
    public required IReadOnlyDictionary<string, StreamFigures> ByStream { get; init; }

    /// <summary>One for each window.</summary>
    public required IReadOnlyList<Recovery> Recoveries { get; init; }

    /// <summary>Keys that have a <see cref="ViolationKind.KeyLost"/>.</summary>
    public required int KeysLost { get; init; }

    /// <summary>Keys that have a <see cref="ViolationKind.KeyUnread"/>.</summary>
    public required int KeysUnread { get; init; }

    /// <summary>Downloads with wrong bytes.</summary>
    public required int WrongBytes { get; init; }

    /// <summary>Operations that have no outcome, in all phases.</summary>
    public required int WithoutOutcome { get; init; }

    /// <summary>Operations that were due and not started.</summary>
    public required int Skipped { get; init; }

    /// <summary>Operations beside the load, through one peer, that succeeded.</summary>
    public required int Probes { get; init; }

    /// <summary>Operations of the load.</summary>
    public int Operations => ByStream.Values.Sum(stream => stream.Operations);

    /// <summary>Failures of the load by outcome, over all streams.</summary>
    public IReadOnlyDictionary<string, int> Failures => ByStream.Values.SelectMany(stream => stream.Failures)
        .GroupBy(failure => failure.Key, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Sum(failure => failure.Value), StringComparer.Ordinal);

    /// <summary>True when nothing is violated.</summary>
    public bool Holds => Violations.Count == 0;
}
