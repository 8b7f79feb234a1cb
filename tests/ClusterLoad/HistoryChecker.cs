namespace P2PCloud.ClusterLoad;

/// <summary>Reads a history and says what it shows.</summary>
public static class HistoryChecker
{
    /// <summary>Judges a history.</summary>
    /// <exception cref="ArgumentException">A window names a mark that is not there.</exception>
    public static CheckResult Check(History history, CheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        _ = options;
        throw new NotSupportedException("not written yet");
    }
}
