namespace P2PCloud.Cli;

/// <summary>What the process answers to the shell.</summary>
public static class ExitCodes
{
    /// <summary>Done, and something was found.</summary>
    public const int Ok = 0;

    /// <summary>Failed, or nothing found.</summary>
    public const int Failed = 1;

    /// <summary>The command line, or a value in it, is wrong: also when the gateway says so (400).</summary>
    public const int Usage = 2;

    /// <summary>Ended by Ctrl-C: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
