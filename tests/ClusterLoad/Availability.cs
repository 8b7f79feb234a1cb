namespace P2PCloud.ClusterLoad;

/// <summary>When one stream of operations was available, by the ends of its operations.</summary>
internal sealed class Availability
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _usual;
    private readonly List<TimeSpan> _successes;
    private readonly List<TimeSpan> _failures;
    private readonly List<(TimeSpan From, TimeSpan Until)> _failed;
    private readonly List<(TimeSpan From, TimeSpan Until)> _silent;

    /// <param name="operations">Of the load, in this stream, with what they are.</param>
    /// <param name="rate">Operations a second; null when it is not known.</param>
    /// <param name="begin">Of the load.</param>
    /// <param name="end">Of the load.</param>
    public Availability(IReadOnlyList<(Operation Operation, Verdict Verdict)> operations, double? rate, TimeSpan begin, TimeSpan end)
    {
        _successes = Ends(operations, Verdict.Success, end);
        _failures = Ends(operations, Verdict.Failure, end);
        _usual = rate > 0 ? TimeSpan.FromSeconds(2 / rate.Value) + Slack : TimeSpan.MaxValue;
        _failed = [.. GapsOf([begin, .. _successes, end]).Where(gap => _failures.Exists(failure => failure >= gap.From && failure <= gap.Until))];
        // What could not succeed says nothing about the stream, but explains why there was no success.
        IEnumerable<TimeSpan> heard = [begin, .. _successes, .. Ends(operations, Verdict.Excused, end), end];
        _silent = [.. GapsOf([.. heard.Order()]).Where(gap => gap.Until - gap.From > _usual)];
    }

    /// <summary>The longest gap that counts; zero when there is none.</summary>
    public TimeSpan Longest => _failed.Concat(_silent).Select(gap => gap.Until - gap.From).Append(TimeSpan.Zero).Max();

    /// <summary>Time from the begin of a window until the stream had recovered; null: it had not when the window ended.</summary>
    /// <param name="from">Begin of the window.</param>
    /// <param name="until">Its end.</param>
    /// <param name="inARow">Successes that show that it has recovered.</param>
    public TimeSpan? Recovery(TimeSpan from, TimeSpan until, int inARow)
    {
        if (_silent.Any(gap => gap.Until > until && until - gap.From > _usual))
        {
            return null;
        }

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

        foreach (var gap in _silent.Where(gap => gap.Until > from && gap.Until <= until))
        {
            recovered = Later(recovered, gap.Until);
        }

        return recovered > from && _successes.Count(end => end >= recovered && end <= until) < inARow ? null : recovered - from;
    }

    private static List<TimeSpan> Ends(IReadOnlyList<(Operation Operation, Verdict Verdict)> operations, Verdict verdict, TimeSpan end) =>
        [.. operations.Where(operation => operation.Verdict == verdict).Select(operation => operation.Operation.End ?? end).Order()];

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static IEnumerable<(TimeSpan From, TimeSpan Until)> GapsOf(IReadOnlyList<TimeSpan> instants) =>
        instants.Zip(instants.Skip(1)).Where(gap => gap.Second > gap.First);
}
