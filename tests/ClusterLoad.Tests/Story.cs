namespace P2PCloud.ClusterLoad.Tests;

/// <summary>A history written by hand. Times are seconds; operations are numbered from 1 in the order in which they are told.</summary>
internal sealed class Story
{
    public const string Key = "k";

    private readonly List<Operation> _operations = [];
    private readonly List<Mark> _marks = [];
    private readonly List<Absence> _absences = [];

    public Dictionary<string, double> Rates { get; } = [];

    public TimeSpan? Deadline { get; init; }

    /// <summary>The id of a content.</summary>
    public static string Content(char name) => new(name, 64);

    public static OperationResult Refused(int status, string? problem = "about:blank") => new(Outcome.Refused, status, problem, "not now");

    public Story Put(
        string value, double start, double? end, Outcome? outcome = Outcome.Ok, int? status = null, string? version = null, string key = Key) =>
        Add(
            new OperationSubject(OperationKind.Put, Phase.Load, Key: key, Written: value),
            start,
            end,
            outcome is { } known ? new OperationResult(known, status, known is Outcome.Refused ? "about:blank" : null, Version: version) : null);

    /// <param name="value">Null: there is none.</param>
    /// <param name="start">Seconds.</param>
    /// <param name="end">Seconds.</param>
    /// <param name="version">Of the value.</param>
    /// <param name="phase">Of the run.</param>
    public Story Get(string? value, double start, double end, string? version = null, Phase phase = Phase.Load) => Add(
        new OperationSubject(OperationKind.Get, phase, Key: Key),
        start,
        end,
        value is null ? new OperationResult(Outcome.NotFound, 404, "about:blank") : new OperationResult(Outcome.Ok, 200, Read: value, Version: version));

    public Story Share(char file, string peer) => Add(
        new OperationSubject(OperationKind.Share, Phase.Prepare, File: Content(file), Peer: peer),
        0,
        0,
        new OperationResult(Outcome.Ok, 201, Provider: peer));

    public Story Lookup(string technique, char file, double start, double end, OperationResult? result) =>
        Add(new OperationSubject(OperationKind.Lookup, Phase.Load, technique, File: Content(file)), start, end, result);

    public Story Download(char file, double start, double end, OperationResult? result) =>
        Add(new OperationSubject(OperationKind.Download, Phase.Load, File: Content(file)), start, end, result);

    public Story Add(OperationSubject subject, double start, double? end, OperationResult? result)
    {
        var ended = result is null || end is null ? (TimeSpan?)null : At(end.Value);
        _operations.Add(new Operation(_operations.Count + 1, subject, At(start), ended, ended is null ? null : result, At(start)));
        return this;
    }

    public Story Mark(string name, double at)
    {
        _marks.Add(new Mark(name, At(at)));
        return this;
    }

    public Story Absent(string peer, double from, double? until = null)
    {
        _absences.Add(new Absence(peer, At(from), until is { } end ? At(end) : null));
        return this;
    }

    /// <summary>What the checker says; by default keys are judged at the end when the story has an end.</summary>
    public CheckResult Check(CheckOptions? options = null) => HistoryChecker.Check(
        new History
        {
            Operations = [.. _operations.OrderBy(operation => operation.Start)],
            Marks = _marks,
            Absences = _absences,
            Rates = Rates,
            Deadline = Deadline,
            End = _operations.Select(operation => operation.End ?? operation.Start).Append(TimeSpan.Zero).Max(),
        },
        options ?? new CheckOptions { FinalReads = _operations.Exists(operation => operation.Subject.Phase is Phase.Final) });

    /// <summary>The violations as "kind #operation".</summary>
    public IEnumerable<string> Violations(CheckOptions? options = null) =>
        Check(options).Violations.Select(violation => $"{violation.Kind} #{violation.Operation}");

    private static TimeSpan At(double seconds) => TimeSpan.FromMicroseconds(Math.Round(seconds * 1e6));
}
