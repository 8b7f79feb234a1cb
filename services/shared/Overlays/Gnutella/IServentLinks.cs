using P2PCloud.Contracts;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Gnutella;

/// <summary>How a node is linked with the overlay: a neighbourhood of its like, or a leaf's ultrapeers.</summary>
internal interface IServentLinks
{
    IReadOnlyList<NodeRef> Nodes { get; }

    int KnownCount { get; }

    bool IsMember { get; }

    string? Pending { get; }

    void Start();

    ConnectAnswer Accept(NodeRef caller, int degree);

    bool IsLinkedWith(NodeRef node);

    bool IsLinkedSince(NodeRef node, DateTimeOffset time);

    IReadOnlyList<LiveNode> Pong(NodeRef neighbour);

    void Learn(IEnumerable<LiveNode> nodes);

    void Drop(NodeRef node);

    void Leave(Action done);

    /// <summary>What this node shares has changed.</summary>
    void FilesChanged();
}

/// <summary>The links of a servent or an ultrapeer.</summary>
internal sealed class PeerLinks(Neighbourhood links) : IServentLinks
{
    public IReadOnlyList<NodeRef> Nodes => links.Nodes;

    public int KnownCount => links.KnownCount;

    public bool IsMember => links.IsMember;

    public string? Pending => links.Pending;

    public void Start() => links.Start();

    public ConnectAnswer Accept(NodeRef caller, int degree) => links.Accept(caller, degree);

    public bool IsLinkedWith(NodeRef node) => links.IsLinkedWith(node);

    public bool IsLinkedSince(NodeRef node, DateTimeOffset time) => links.IsLinkedSince(node, time);

    public IReadOnlyList<LiveNode> Pong(NodeRef neighbour) => links.Pong(neighbour);

    public void Learn(IEnumerable<LiveNode> nodes) => links.Learn(nodes);

    public void Drop(NodeRef node) => links.Drop(node);

    public void Leave(Action done) => links.Leave(done);

    public void FilesChanged()
    {
    }
}
