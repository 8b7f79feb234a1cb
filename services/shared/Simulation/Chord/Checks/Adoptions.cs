using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Simulation.Chord;

/// <summary>
/// The rule on single steps: a node that has not just answered is never adopted, neither as a nearer successor (stabilizeFromPredecessor)
/// nor as predecessor (notify). It holds where nobody is suspected wrongly.
/// </summary>
/// <param name="space">The identifier circle.</param>
/// <param name="answerTime">The longest time between an answer and the step that follows from it.</param>
public sealed class Adoptions(RingSpace space, TimeSpan answerTime)
{
    private readonly Dictionary<NodeId, TimeSpan> _gone = [];

    /// <summary>A member crashed or left.</summary>
    public void Gone(NodeId id, TimeSpan now) => _gone[id] = now;

    /// <summary>A node is a member, again or for the first time.</summary>
    public void Came(NodeId id) => _gone.Remove(id);

    /// <summary>How the step of a node breaks the rule.</summary>
    /// <param name="before">Null before it joined.</param>
    /// <param name="after">As member.</param>
    /// <param name="now">Simulated time.</param>
    public IEnumerable<string> Check(ChordSnapshot? before, ChordSnapshot after, TimeSpan now)
    {
        if (before is not { IsMember: true })
        {
            yield break;
        }

        if (before.Successors.Count > 0 && after.Successors.Count > 0
            && after.Successors[0] is var nearer
            && space.IsBetween(after.Self.Id, nearer.Id, before.Successors[0].Id)
            && IsLongGone(nearer.Id, now))
        {
            yield return $"adopts {nearer.Node.Name} as successor, which was gone before it could answer";
        }

        if (after.Predecessor is { } predecessor && predecessor.Id != before.Predecessor?.Id && IsLongGone(predecessor.Id, now))
        {
            yield return $"adopts {predecessor.Node.Name} as predecessor, which was gone before it could answer";
        }
    }

    private bool IsLongGone(NodeId id, TimeSpan now) => _gone.TryGetValue(id, out var since) && now - since > answerTime;
}
