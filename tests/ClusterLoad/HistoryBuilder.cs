namespace P2PCloud.ClusterLoad;

/// <summary>Joins the lines of a history.</summary>
internal sealed class HistoryBuilder
{
    private readonly SortedDictionary<long, Operation> _operations = [];
    private readonly List<Mark> _marks = [];
    private readonly List<Absence> _absences = [];
    private readonly Dictionary<string, int> _skipped = new(StringComparer.Ordinal);
    private Dictionary<string, double> _rates = new(StringComparer.Ordinal);
    private TimeSpan? _deadline;
    private TimeSpan _end;

    public void Add(HistoryEvent line)
    {
        var at = TimeSpan.FromMicroseconds(line.At);
        _end = at > _end ? at : _end;
        switch (line.Event)
        {
            case HistoryEventType.Load:
                _rates = new Dictionary<string, double>(Needed(line.Rates), StringComparer.Ordinal);
                _deadline = line.Deadline is { } deadline ? TimeSpan.FromMicroseconds(deadline) : null;
                break;
            case HistoryEventType.Begin:
                var id = Needed(line.Id);
                var due = line.Due is { } time ? TimeSpan.FromMicroseconds(time) : at;
                _operations.Add(id, new Operation(id, Needed(line.Subject), at, null, null, due));
                break;
            case HistoryEventType.End:
                EndOf(line, at);
                break;
            case HistoryEventType.Skipped:
                var stream = Streams.Of(Needed(line.Subject));
                _skipped[stream] = _skipped.GetValueOrDefault(stream) + 1;
                break;
            case HistoryEventType.Mark:
                _marks.Add(new Mark(Needed(line.Name), at));
                break;
            case HistoryEventType.Absent:
                Return(Needed(line.Name), at);
                _absences.Add(new Absence(line.Name!, at, null));
                break;
            case HistoryEventType.Present:
                Return(Needed(line.Name), at);
                break;
            default:
                break;
        }
    }

    public History Build() => new()
    {
        Operations = [.. _operations.Values],
        Marks = _marks,
        Absences = _absences,
        Skipped = _skipped,
        Rates = _rates,
        Deadline = _deadline,
        End = _end,
    };

    private static T Needed<T>(T? value)
        where T : class =>
        value ?? throw new FormatException($"a {typeof(T).Name} is missing");

    private static long Needed(long? value) => value ?? throw new FormatException("the id is missing");

    private void EndOf(HistoryEvent line, TimeSpan at)
    {
        var id = Needed(line.Id);
        if (!_operations.TryGetValue(id, out var operation) || operation.End is not null)
        {
            throw new FormatException($"operation {id} ends without a begin, or twice");
        }

        _operations[id] = operation with { End = at, Result = Needed(line.Result) };
    }

    private void Return(string peer, TimeSpan at)
    {
        var away = _absences.FindIndex(absence => absence.Peer == peer && absence.Until is null);
        if (away >= 0)
        {
            _absences[away] = _absences[away] with { Until = at };
        }
    }
}
