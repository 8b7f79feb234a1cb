using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting;

/// <summary>Where one node keeps its records of keys, so that they are there after a restart.</summary>
public interface IKeyStorage
{
    /// <summary>Makes changes durable: all of them when it returns, none of them when it throws. One caller at a time.</summary>
    /// <param name="changes"><see cref="Effect.Keep"/> and <see cref="Effect.Drop"/> only, in the order in which the engine made them.</param>
    /// <exception cref="KeyStorageException">The disk is full, or cannot be written.</exception>
    void Save(IReadOnlyList<Effect> changes);
}

/// <summary>Records of keys could not be made durable.</summary>
public sealed class KeyStorageException : Exception
{
    /// <summary>With the reason.</summary>
    public KeyStorageException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Without a reason.</summary>
    public KeyStorageException()
    {
    }

    /// <summary>With the reason.</summary>
    public KeyStorageException(string message)
        : base(message)
    {
    }
}
