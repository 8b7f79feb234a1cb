using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Flooding;

/// <summary>The messages by which a protocol keeps links, without their types.</summary>
public interface INeighbourPort
{
    /// <summary>Asks for a link; null when there is no answer.</summary>
    void Connect(NodeRef node, int degree, TimeSpan timeout, Action<ConnectAnswer?> done);

    /// <summary>Asks whether the link still exists at the other end; null when there is no answer.</summary>
    void Ping(NodeRef node, TimeSpan timeout, Action<bool?> done);

    /// <summary>Ends a link.</summary>
    void Bye(NodeRef node, TimeSpan timeout, Action done);
}

/// <summary>Whether a link exists now, and nodes to try else.</summary>
public sealed record ConnectAnswer(bool Accepted, IReadOnlyList<NodeRef> Try);
