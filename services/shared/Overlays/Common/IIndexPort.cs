using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Common;

/// <summary>What the node with the index says of a session.</summary>
public enum IndexAnswer
{
    /// <summary>Done; the session lives.</summary>
    Live,

    /// <summary>There is no such session: open one and share again.</summary>
    Gone,

    /// <summary>No answer in time.</summary>
    None,
}

/// <summary>The messages by which a peer keeps its files in an index at another node, without their types.</summary>
public interface IIndexPort
{
    /// <summary>Adds files to the index; those that are there already stay.</summary>
    void Add(IReadOnlyList<SharedFile> files, Action<IndexAnswer> done);

    /// <summary>Takes files out of the index, by content id.</summary>
    void Remove(IReadOnlyList<string> contentIds, Action<IndexAnswer> done);

    /// <summary>Extends the lease of the session.</summary>
    void KeepAlive(Action<IndexAnswer> done);

    /// <summary>The session is lost: the index has none, or does not answer. Commands under way have been answered.</summary>
    void Lost(IndexAnswer answer);
}
