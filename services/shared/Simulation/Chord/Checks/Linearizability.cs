using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Simulation.Chord;

/// <summary>
/// Whether the history of one key is that of a register with compare-and-set on which every operation happens at one instant between its
/// start and its end (Herlihy and Wing, 1990). The search is that of Wing and Gong (1993) with the memory of Lowe (2017).
/// </summary>
public sealed class Linearizability
{
    /// <summary>Longest history that can be checked.</summary>
    public const int OperationsMax = 128;

    private readonly List<KeyOperation> _operations;
    private readonly Dictionary<KeyVersion, long> _writers = [];
    private readonly HashSet<(UInt128 Done, long State)> _seen = [];
    private readonly UInt128 _required;
    private int _furthest;
    private KeyOperation? _stuck;

    private Linearizability(IEnumerable<KeyOperation> operations)
    {
        _operations = [.. operations.Where(operation =>
            operation.Action is KeyAction.Get
                ? operation.Result?.Outcome is KeyOutcome.Ok or KeyOutcome.NotFound
                : operation.Result?.Outcome is not KeyOutcome.Unavailable)];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_operations.Count, OperationsMax);
        for (var i = 0; i < _operations.Count; i++)
        {
            var operation = _operations[i];
            if (!operation.IsUncertain)
            {
                _required |= UInt128.One << i;
            }

            if (operation is { IsAcknowledged: true, Result.Version: { } version })
            {
                _writers[version] = operation.Action switch
                {
                    KeyAction.Put => operation.Number,
                    KeyAction.Get => operation.Read ?? 0,
                    _ => 0,
                };
            }
        }
    }

    /// <summary>Checks one key's operations, at most <see cref="OperationsMax"/> of them; numbers of puts are above 0.</summary>
    /// <returns>Null when they are linearizable; else an operation that fits nowhere.</returns>
    public static KeyOperation? FirstMisfit(IEnumerable<KeyOperation> operations)
    {
        var search = new Linearizability(operations);
        return search.Search(0, 0, 0) ? null : search._stuck;
    }

    /// <param name="done">Operations that have happened.</param>
    /// <param name="state">Number of the put whose value the key has; 0: no value.</param>
    /// <param name="depth">How many have happened.</param>
    private bool Search(UInt128 done, long state, int depth)
    {
        if ((done & _required) == _required)
        {
            return true;
        }

        if (!_seen.Add((done, state)))
        {
            return false;
        }

        var end = TimeSpan.MaxValue;
        KeyOperation? first = null;
        for (var i = 0; i < _operations.Count; i++)
        {
            if ((done >> i & 1) == 0 && (_required >> i & 1) == 1 && _operations[i].End < end)
            {
                first = _operations[i];
                end = first.End!.Value;
            }
        }

        if (_stuck is null || depth > _furthest)
        {
            (_furthest, _stuck) = (depth, first);
        }

        for (var i = 0; i < _operations.Count; i++)
        {
            if ((done >> i & 1) == 0 && _operations[i].Start <= end && Apply(_operations[i], state) is { } next
                && Search(done | (UInt128.One << i), next, depth + 1))
            {
                return true;
            }
        }

        return false;
    }

    /// <returns>The state after it; null when it cannot have happened in this state.</returns>
    private long? Apply(KeyOperation operation, long state)
    {
        if (operation.Action is KeyAction.Get)
        {
            return state == (operation.Read ?? 0) ? state : null;
        }

        var holds = Holds(operation.Condition, state);
        if (operation.Result?.Outcome is KeyOutcome.Conflict)
        {
            return !holds && (operation.Result.Version is not { } current || _writers.GetValueOrDefault(current, state) == state) ? state : null;
        }

        return !holds ? null : operation.Action is KeyAction.Put ? operation.Number : 0;
    }

    private bool Holds(KeyCondition condition, long state) =>
        (!condition.IfAbsent || state == 0)
        && (!condition.IfPresent || state != 0)
        && (condition.IfVersion is not { } version || (state != 0 && _writers.GetValueOrDefault(version, -1) == state));
}
