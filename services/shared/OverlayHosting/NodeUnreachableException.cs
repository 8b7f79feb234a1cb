namespace P2PCloud.OverlayHosting;

/// <summary>A node gave no usable answer: refused, timed out, or answered with an error. It may have acted all the same.</summary>
public sealed class NodeUnreachableException : Exception
{
    /// <summary>With the name of the node and the reason.</summary>
    public NodeUnreachableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Without a reason.</summary>
    public NodeUnreachableException()
    {
    }

    /// <summary>With the reason.</summary>
    public NodeUnreachableException(string message)
        : base(message)
    {
    }
}
