namespace P2PCloud.Gateway.Membership;

/// <summary>App-ids by name, then by number: <c>peer-2</c> before <c>peer-10</c>.</summary>
internal sealed class AppIdOrder : IComparer<string>
{
    public static AppIdOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Split(x ?? ""), Split(y ?? ""));
        var byName = string.CompareOrdinal(left.Name, right.Name);
        var byLength = byName == 0 ? left.Number.Length.CompareTo(right.Number.Length) : byName;
        return byLength == 0 ? string.CompareOrdinal(left.Number, right.Number) : byLength;
    }

    private static (string Name, string Number) Split(string app)
    {
        var name = app.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return (name, app[name.Length..]);
    }
}
