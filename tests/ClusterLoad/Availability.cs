namespace P2PCloud.ClusterLoad;

/// <summary>When one stream of operations was available, by the ends of its operations.</summary>
internal sealed class Availability
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private readonly List<TimeSpan> _successes;
    private readonly List<TimeSpan> _failures;
    private readonly List<(TimeSpan From, TimeSpan Until)> _gaps;
    private readonly TimeSpan _usual;

    /// <param name="operations">Of the load, in this stream, with what they are.</param>
    /// <param name="rate">Operations a second; null when it is not known.</param>
    /// <param name="begin">Of the load.</param>
    /// <param name="end">Of the load.</param>
    public Availability(IReadOnlyList<(Operation Operation, Verdict Verdict)> operations, double? rate, TimeSpan begin, TimeSpan end)
    {
        _successes = Ends(operations, Verdict.Success, end);
        _failures = Ends(operations, Verdict.Failure, end);
        _usual = rate > 0 ? TimeSpan.FromSeconds(2 / rate.Value) + Slack : TimeSpan.MaxValue;
        TimeSpan[] instants = [begin, .. _successes, end];
        _gaps = [.. instants.Zip(instants.Skip(1)).Where(gap => gap.Second > gap.First)];
    }

    /// <summary>The longest gap that counts; zero when there is none.</summary>
    public TimeSpan Longest => _gaps.Where(Counts).Select(gap => gap.Until - gap.From).Append(TimeSpan.Zero).Max();

    /// <summary>Whether an operation succeeded or failed in a window.</summary>
    public bool HasOperations(TimeSpan from, TimeSpan until) => _successes.Concat(_failures).Any(end => end >= from && end <= until);

    /// <summary>Time from the begin of a window until the stream had recovered; null: it had not when the window ended.</summary>
    /// <param name="from">Begin of the window.</param>
    /// <param name="until">Its end.</param>
    /// <param name="inARow">Successes that show that it has recovered.</param>
    public TimeSpan? Recovery(TimeSpan from, TimeSpan until, int inARow)
    {
        var recovered = from;
        foreach (var failure in _failures.Where(end => end >= from && end <= until))
        {
            var next = _successes.FindIndex(end => end > failure);
            if (next < 0 || _successes[next] > until)
            {
                return null;
            }

            recovered = Later(recovered, _successes[next]);
        }

        foreach (var gap in _gaps.Where(gap => IsLong(gap) && gap.Until > from && gap.Until <= until))
        {
            recovered = Later(recovered, gap.Until);
        }

        return recovered > from && _successes.Count(end => end >= recovered && end <= until) < inARow ? null : recovered - from;
    }

    private static List<TimeSpan> Ends(IReadOnlyList<(Operation Operation, Verdict Verdict)> operations, Verdict verdict, TimeSpan end) =>
        [.. operations.Where(operation => operation.Verdict == verdict).Select(operation => operation.Operation.End ?? end).Order()];

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private bool Counts((TimeSpan From, TimeSpan Until) gap) =>
        IsLong(gap) || _failures.Exists(end => end >= gap.From && end <= gap.Until);

    private bool IsLong((TimeSpan From, TimeSpan Until) gap) => gap.Until - gap.From > _usual;
}
