using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;

namespace P2PCloud.Gateway.Membership;

/// <summary>The members that BOOT named, in the order of their numbers.</summary>
/// <param name="Peers">All peers, joined or not.</param>
/// <param name="Leaders">All group leaders, joined or not.</param>
internal sealed record MembershipSnapshot(IReadOnlyList<Member> Peers, IReadOnlyList<Member> Leaders)
{
    private readonly Dictionary<string, NodeRef> _peers =
        Peers.Select(member => member.Node).DistinctBy(node => node.App).ToDictionary(node => node.App, StringComparer.Ordinal);

    /// <summary>No view yet.</summary>
    public static MembershipSnapshot Empty { get; } = new([], []);

    /// <summary>The peers through which lookups can enter.</summary>
    public IReadOnlyList<NodeRef> Joined { get; } = [.. Peers.Where(member => member.Joined).Select(member => member.Node)];

    /// <summary>This view, and the members of an earlier one that it does not have.</summary>
    public MembershipSnapshot With(MembershipSnapshot earlier) => new(Union(Peers, earlier.Peers), Union(Leaders, earlier.Leaders));

    private static IReadOnlyList<Member> Union(IReadOnlyList<Member> now, IReadOnlyList<Member> earlier) =>
        [.. now.UnionBy(earlier, member => member.Node.App, StringComparer.Ordinal).OrderBy(member => member.Node.App, AppIdOrder.Instance)];

    /// <summary>A peer by app-id; null when BOOT did not name it.</summary>
    public NodeRef? Find(string app) => _peers.GetValueOrDefault(app);
}
