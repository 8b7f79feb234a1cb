using System.Numerics;
using P2PCloud.Contracts;

namespace P2PCloud.Simulation;

/// <summary>A rolling hash of all that happened, from numbers alone, so that it is the same on every machine; and, if wanted, text.</summary>
internal sealed class EventLog
{
    private readonly Dictionary<Type, int> _types = [];

    public ulong Hash { get; private set; } = 0xCBF29CE484222325UL;

    public Action<string>? Writing { get; set; }

    /// <summary>Something happened.</summary>
    /// <param name="time">In ticks.</param>
    /// <param name="kind">What.</param>
    /// <param name="node">To whom.</param>
    /// <param name="id">Of the call, request, timer or command; 0 when there is none.</param>
    /// <param name="body">The message or command.</param>
    /// <param name="from">The sender of a request, or of a message that is lost.</param>
    public void Add(long time, EventKind kind, SimulatedNode node, long id = 0, object? body = null, NodeRef? from = null)
    {
        var type = body is null ? 0 : NumberOf(body.GetType());
        var hash = Mix(Hash, (ulong)time);
        hash = Mix(hash, (ulong)id);
        Hash = Mix(hash, ((ulong)(uint)node.Index << 32) | ((ulong)(uint)type << 8) | (uint)kind);
        Writing?.Invoke(Line(time, kind, node, id, body, from));
    }

    private static ulong Mix(ulong hash, ulong value) => BitOperations.RotateLeft(hash ^ value, 27) * 0x9E3779B97F4A7C15UL;

    private static string Line(long time, EventKind kind, SimulatedNode node, long id, object? body, NodeRef? from)
    {
        var sinceStart = new TimeSpan(time - DateTime.UnixEpoch.Ticks);
        var number = id == 0 ? "" : $" {id}";
        var sender = from is null ? "" : $" from {from.Name}";
        return FormattableString.Invariant($"{sinceStart:c} {node.Name} {kind}{number}{sender} {body}").TrimEnd();
    }

    /// <summary>Types are numbered in the order in which they first occur.</summary>
    private int NumberOf(Type type)
    {
        if (!_types.TryGetValue(type, out var number))
        {
            number = _types.Count + 1;
            _types[type] = number;
        }

        return number;
    }
}
