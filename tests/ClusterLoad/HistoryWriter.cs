using System.Text;
using System.Text.Json;

namespace P2PCloud.ClusterLoad;

/// <summary>
/// Writes a history: JSON lines, one an event, each handed to the operating system before the call returns, so that the file of a run that
/// was killed shows the operations that were under way. May be called from many threads.
/// </summary>
public sealed class HistoryWriter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stream _stream;
    private readonly TimeProvider _time;
    private readonly long _start;
    private long _lastId;

    /// <param name="stream">Written to, flushed after each line, and disposed.</param>
    /// <param name="time">The clock.</param>
    public HistoryWriter(Stream stream, TimeProvider time)
    {
        _stream = stream;
        _time = time;
        _start = time.GetTimestamp();
        Write(_ => new HistoryEvent(HistoryEventType.History, 0, Wall: time.GetUtcNow()));
    }

    /// <summary>Time since the history began.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Begins a history in a new file; its folder is made when it is not there.</summary>
    /// <exception cref="IOException">There is such a file.</exception>
    public static HistoryWriter Create(string path, TimeProvider time)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new HistoryWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1), time);
    }

    /// <summary>Names this instant, as <c>killed peer-3</c>: recovery is counted from marks.</summary>
    /// <returns>Time since the history began.</returns>
    public TimeSpan Mark(string name) => Write(at => new HistoryEvent(HistoryEventType.Mark, at, Name: name));

    /// <summary>Says that the files of a peer need not be found any more: to be called before the peer is taken away.</summary>
    /// <param name="peer">App-id.</param>
    public TimeSpan Absent(string peer) => Write(at => new HistoryEvent(HistoryEventType.Absent, at, Name: peer));

    /// <summary>Says that the files of a peer must be found again: to be called when it has had the time to publish them.</summary>
    /// <param name="peer">App-id.</param>
    public TimeSpan Present(string peer) => Write(at => new HistoryEvent(HistoryEventType.Present, at, Name: peer));

    /// <summary>Notes that an operation begins.</summary>
    /// <param name="subject">What it is about.</param>
    /// <param name="due">When it was to start; null: now.</param>
    /// <returns>The operation's id.</returns>
    public long Begin(OperationSubject subject, TimeSpan? due = null)
    {
        long id = 0;
        Write(at => new HistoryEvent(HistoryEventType.Begin, at, id = ++_lastId, MicrosecondsOf(due), subject));
        return id;
    }

    /// <summary>Notes how an operation ended.</summary>
    public void End(long id, OperationResult result) => Write(at => new HistoryEvent(HistoryEventType.End, at, id, Result: result));

    /// <summary>Notes that an operation was due and not started.</summary>
    public void Skipped(OperationSubject subject, TimeSpan due) =>
        Write(at => new HistoryEvent(HistoryEventType.Skipped, at, Due: MicrosecondsOf(due), Subject: subject));

    /// <summary>Notes the deadline and the rates of a load.</summary>
    /// <param name="deadline">Longest time of an operation.</param>
    /// <param name="rates">Operations a second by stream.</param>
    public void Load(TimeSpan deadline, IReadOnlyDictionary<string, double> rates) =>
        Write(at => new HistoryEvent(HistoryEventType.Load, at, Deadline: MicrosecondsOf(deadline), Rates: rates));

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _stream.Dispose();
        }
    }

    private static long? MicrosecondsOf(TimeSpan? time) => time is { } value ? (long)value.TotalMicroseconds : null;

    private TimeSpan Write(Func<long, HistoryEvent> make)
    {
        lock (_gate)
        {
            // The clock is read inside: so lines are in the order of their times.
            var now = Now;
            var line = JsonSerializer.Serialize(make(MicrosecondsOf(now)!.Value), HistoryJsonContext.Default.HistoryEvent);
            _stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
            _stream.Flush();
            return now;
        }
    }
}
