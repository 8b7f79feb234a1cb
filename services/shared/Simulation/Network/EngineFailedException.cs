namespace P2PCloud.Simulation;

/// <summary>An engine threw: a bug in it. The message says which node, at which input and when in virtual time.</summary>
public sealed class EngineFailedException : Exception
{
    /// <summary>Without a message.</summary>
    public EngineFailedException()
    {
    }

    /// <summary>With a message.</summary>
    public EngineFailedException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and what the engine threw.</summary>
    public EngineFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
