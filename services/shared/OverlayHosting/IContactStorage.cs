using P2PCloud.Contracts;

namespace P2PCloud.OverlayHosting;

/// <summary>Where a node remembers members of its overlays beyond the end of the process. Thread-safe; never waits for a disk.</summary>
public interface IContactStorage
{
    /// <summary>Remembers members of an overlay, the newest knowledge first.</summary>
    /// <param name="overlay">One of <see cref="OverlayNames"/>.</param>
    /// <param name="nodes">A few members.</param>
    void Remember(string overlay, IReadOnlyList<NodeRef> nodes);
}
