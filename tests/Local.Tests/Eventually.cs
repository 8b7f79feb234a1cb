namespace P2PCloud.Local.Tests;

/// <summary>Waits for what a cloud comes to by itself.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>Ends when the condition holds.</summary>
    /// <exception cref="OperationCanceledException">It did not in time.</exception>
    public static async Task HoldsAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period);
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
