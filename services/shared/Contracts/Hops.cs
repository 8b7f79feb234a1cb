using System.Text.Json.Serialization;

namespace P2PCloud.Contracts;

/// <summary>One step of a lookup from one node to another, as the node that received it (or asked) saw it.</summary>
/// <param name="From">Name of the sending node.</param>
/// <param name="To">Name of the receiving node.</param>
/// <param name="Local">True between two virtual nodes of one peer: no network was crossed.</param>
/// <param name="ElapsedMs">
/// Milliseconds. For a forwarded message, the one-way time by the clocks of the two nodes (never below 0); for a question with a
/// reply, the round trip.
/// </param>
/// <param name="Outcome">Null when the hop was handled, else one of <see cref="HopOutcomes"/>.</param>
/// <param name="Children">For a flood, the hops that followed from this one; null elsewhere.</param>
public sealed record Hop(
    string From,
    string To,
    bool Local,
    double ElapsedMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Outcome = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Hop>? Children = null);

/// <summary>Values of <see cref="Hop.Outcome"/> and of the span attribute <c>p2p.outcome</c>.</summary>
public static class HopOutcomes
{
    /// <summary>The receiving node handled the message.</summary>
    public const string Ok = "ok";

    /// <summary>The next node did not answer in time or refused the connection.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The next node dropped the query: it had too many from this neighbour.</summary>
    public const string Limited = "limited";
}

/// <summary>
/// What a flooded branch did, returned with the acknowledgement of its first message (an echo: a node acknowledges when its own
/// branches have). It is measurement, not protocol: it does not count as a message, and names only nodes below the receiver.
/// </summary>
/// <param name="Messages">Protocol messages sent inside the branch, queries and hits.</param>
/// <param name="Hop">The hop that reached the branch, with its descendants; null when the node had seen the descriptor before.</param>
public sealed record FloodReport(int Messages, Hop? Hop) : IMessage
{
    /// <summary>The answer of a node that had seen the descriptor before.</summary>
    public static FloodReport Duplicate { get; } = new(0, null);
}
