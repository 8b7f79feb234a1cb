namespace P2PCloud.ClusterLoad;

/// <summary>What an operation of the load is for the figures.</summary>
internal enum Verdict
{
    /// <summary>It did what was asked.</summary>
    Success,

    /// <summary>It did not.</summary>
    Failure,

    /// <summary>It could not: each peer that shares the file was away.</summary>
    Excused,
}

/// <summary>Decides for each operation whether it succeeded.</summary>
internal sealed class Verdicts
{
    /// <summary>The failure of an operation without an outcome.</summary>
    public const string NoOutcome = "none";

    private readonly History _history;
    private readonly ILookup<string, string> _sharers;
    private readonly Dictionary<string, TimeSpan> _written;

    public Verdicts(History history)
    {
        _history = history;
        _sharers = history.Operations.Where(operation => operation is { Subject.Kind: OperationKind.Share, Outcome: Outcome.Ok })
            .ToLookup(share => share.Subject.File!, share => share.Result!.Provider!, StringComparer.Ordinal);
        _written = history.Operations.Where(KeyEffects.IsAcknowledgedPut)
            .GroupBy(put => put.Subject.Key!, StringComparer.Ordinal)
            .ToDictionary(puts => puts.Key, puts => puts.Min(put => put.End!.Value), StringComparer.Ordinal);
    }

    public Verdict Of(Operation operation) => operation switch
    {
        { Outcome: null } => Verdict.Failure,
        { Subject.Kind: OperationKind.Download, Outcome: not Outcome.Ok } when !MustBeFound(operation) => Verdict.Excused,
        { Subject.Kind: OperationKind.Lookup, Outcome: Outcome.NotFound } when !MustBeFound(operation) => Verdict.Excused,
        { Subject.Kind: OperationKind.Get, Outcome: Outcome.NotFound } when !MustHaveValue(operation) => Verdict.Success,
        { Outcome: Outcome.Ok } when !HasWrongBytes(operation) => Verdict.Success,
        _ => Verdict.Failure,
    };

    /// <summary>The kind of a failure, in words.</summary>
    public static string KindOf(Operation failure) => failure switch
    {
        { Outcome: null } => NoOutcome,
        { Outcome: Outcome.Ok } => "wrongBytes",
        { Outcome: Outcome.NotFound } => "notFound",
        { Outcome: Outcome.Refused } => $"refused {failure.Result!.Status}",
        { Outcome: Outcome.Deadline } => "deadline",
        { Outcome: Outcome.Unreachable } => "unreachable",
        { Outcome: Outcome.Connection } => "connection",
        _ => "unreadable",
    };

    /// <summary>A download that brought other bytes than those that were shared.</summary>
    public static bool HasWrongBytes(Operation operation) =>
        operation is { Subject.Kind: OperationKind.Download, Outcome: Outcome.Ok } && operation.Result!.Sha256 != operation.Subject.File;

    /// <summary>A peer that shares the file was there during all of the operation.</summary>
    private bool MustBeFound(Operation operation) =>
        _sharers[operation.Subject.File!].Any(peer => !_history.Absences.Any(absence =>
            absence.Peer == peer && absence.From <= (operation.End ?? TimeSpan.MaxValue) && (absence.Until ?? TimeSpan.MaxValue) >= operation.Start));

    private bool MustHaveValue(Operation read) => _written.TryGetValue(read.Subject.Key!, out var first) && first < read.Start;
}
