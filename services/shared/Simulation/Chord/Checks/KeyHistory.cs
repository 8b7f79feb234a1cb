using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Simulation.Chord;

/// <summary>Which operations must see the acknowledged writes that ended before them.</summary>
public enum KeyPromise
{
    /// <summary>None: nodes are taken for dead that are not. Only values that were never written are wrong.</summary>
    None,

    /// <summary>Reads by quorum see writes by quorum: nodes crash, but never all that hold a write.</summary>
    Quorum,

    /// <summary>All: nodes join and leave, and none crashes.</summary>
    All,
}

/// <summary>
/// All operations on keys, with start, end, outcome and version, and the rules that their answers must obey. The end of an operation is
/// judged when it is known.
/// </summary>
public sealed class KeyHistory
{
    private readonly Dictionary<string, List<KeyOperation>> _operations = new(StringComparer.Ordinal);
    private readonly Dictionary<KeyVersion, KeyOperation> _writes = [];

    /// <summary>Keys in use, in the order of their first operation.</summary>
    public IEnumerable<string> Keys => _operations.Keys;

    /// <summary>Operations begun.</summary>
    public int Count { get; private set; }

    /// <summary>Operations on a key in the order of their start.</summary>
    public IReadOnlyList<KeyOperation> Of(string key) => _operations.GetValueOrDefault(key) ?? [];

    /// <summary>An operation begins.</summary>
    public void Begin(KeyOperation operation)
    {
        if (!_operations.TryGetValue(operation.Key, out var operations))
        {
            _operations[operation.Key] = operations = [];
        }

        operations.Add(operation);
        Count++;
    }

    /// <summary>An operation is answered.</summary>
    /// <returns>The rules that its answer breaks.</returns>
    public IEnumerable<string> End(KeyOperation operation, TimeSpan at, KeyResult result, KeyPromise promise)
    {
        operation.End = at;
        operation.Result = result;
        return operation.Action is KeyAction.Get ? JudgeRead(operation, promise) : JudgeWrite(operation, promise);
    }

    /// <summary>The last write of a key that was acknowledged before a time: what readers must see, or something later.</summary>
    /// <param name="key">The key.</param>
    /// <param name="before">Simulated time.</param>
    /// <param name="promise"><see cref="KeyPromise.Quorum"/>: only writes by quorum.</param>
    public KeyOperation? LastAcknowledged(string key, TimeSpan before, KeyPromise promise) =>
        Of(key)
            .Where(write => write.Action is not KeyAction.Get && write.IsAcknowledged && write.End < before && IsPromised(write, promise))
            .MaxBy(write => write.Result!.Version);

    /// <summary>The key is not watched any more.</summary>
    public void Forget(string key)
    {
        foreach (var version in Of(key).Select(operation => operation.Result?.Version).OfType<KeyVersion>())
        {
            if (_writes.TryGetValue(version, out var write) && write.Key == key)
            {
                _writes.Remove(version);
            }
        }

        _operations.Remove(key);
    }

    private static bool IsPromised(KeyOperation operation, KeyPromise promise) => promise switch
    {
        KeyPromise.None => false,
        KeyPromise.Quorum => operation.Consistency is Consistency.Quorum,
        _ => true,
    };

    private IEnumerable<string> JudgeRead(KeyOperation read, KeyPromise promise)
    {
        var last = IsPromised(read, promise) ? LastAcknowledged(read.Key, read.Start, promise) : null;
        return read.Result!.Outcome switch
        {
            KeyOutcome.Ok => JudgeFound(read, last, promise),
            KeyOutcome.NotFound when last is { Action: KeyAction.Put } && !MayBeDeletedAfter(last, read) =>
                [$"{read} misses {last}: an acknowledged write is lost"],
            _ => [],
        };
    }

    private IEnumerable<string> JudgeFound(KeyOperation read, KeyOperation? last, KeyPromise promise)
    {
        var source = Of(read.Key).FirstOrDefault(put => put.Action is KeyAction.Put && put.Number == read.Read);
        if (source is null || source.Start > read.End)
        {
            yield return $"{read} has a value that nobody wrote";
        }
        else if (source.IsAcknowledged && source.Result!.Version != read.Result!.Version && promise is KeyPromise.All)
        {
            // With faults, an attempt that was not answered and made again leaves two versions.
            yield return $"{read} has another version than {source}, which wrote it";
        }
        else if (source.Result?.Outcome is KeyOutcome.Conflict or KeyOutcome.Unavailable && promise is KeyPromise.All)
        {
            // With faults, a copy of a request that was refused may come late, to a node that owns the key by then.
            yield return $"{read} has the value of {source}, which was refused";
        }

        if (last is not null && read.Result!.Version is { } version && version.CompareTo(last.Result!.Version) < 0)
        {
            yield return last.Action is KeyAction.Delete ? $"{read} brings back what {last} deleted" : $"{read} is older than {last}: an acknowledged write is lost";
        }
    }

    private bool MayBeDeletedAfter(KeyOperation last, KeyOperation read) =>
        Of(read.Key).Any(delete => delete.Action is KeyAction.Delete && delete.Start < read.End
            && (delete.End is null || delete.IsUncertain
                || (delete.IsAcknowledged && delete.Result!.Version!.CompareTo(last.Result!.Version) > 0)));

    private IEnumerable<string> JudgeWrite(KeyOperation write, KeyPromise promise)
    {
        if (!write.IsAcknowledged)
        {
            yield break;
        }

        if (write.Result!.Version is not { } version)
        {
            yield return $"{write} is acknowledged without a version";
            yield break;
        }

        // An owner takes a second write with a version for the first one that comes again, whatever key it is for.
        if (!_writes.TryAdd(version, write))
        {
            yield return $"{write} has the version of {_writes[version]}";
        }

        if (IsPromised(write, promise) && LastAcknowledged(write.Key, write.Start, promise) is { } last && last.Result!.Version!.CompareTo(version) > 0)
        {
            yield return $"{write} has an earlier version than {last}, which ended before it began";
        }
    }
}
