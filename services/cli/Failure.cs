namespace P2PCloud.Cli;

/// <summary>Why something did not work, for the person at the shell.</summary>
/// <param name="Message">One line without a final full stop where another program's text follows.</param>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Transient">True when the same request may work a moment later.</param>
/// <param name="Fatal">True when no other request can work either.</param>
internal sealed record Failure(string Message, int ExitCode = ExitCodes.Failed, bool Transient = false, bool Fatal = false);

/// <summary>A value, or why there is none: exactly one of the two is set.</summary>
internal sealed record Reply<T>(T? Value, Failure? Failure)
    where T : class
{
    public static implicit operator Reply<T>(T value) => new(value, null);

    public static implicit operator Reply<T>(Failure failure) => new(null, failure);
}
