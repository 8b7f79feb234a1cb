namespace P2PCloud.Sidecar;

/// <summary>Faults that were asked for, of which the next ones happen. More can be asked for while they do.</summary>
internal sealed class Faults
{
    private int _left;
    private int _happened;

    /// <summary>Faults that have happened.</summary>
    public int Happened => Volatile.Read(ref _happened);

    /// <summary>Has so many happen from now on, whatever was still left.</summary>
    public void Ask(int count) => Interlocked.Exchange(ref _left, count);

    /// <summary>Whether one happens now.</summary>
    public bool Happens()
    {
        for (var left = Volatile.Read(ref _left); left > 0;)
        {
            var found = Interlocked.CompareExchange(ref _left, left - 1, left);
            if (found == left)
            {
                Interlocked.Increment(ref _happened);
                return true;
            }

            left = found;
        }

        return false;
    }
}
