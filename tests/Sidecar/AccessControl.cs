namespace P2PCloud.Sidecar;

/// <summary>What a sidecar lets callers do (Dapr's Configuration, <c>spec.accessControl</c>), enforced beside the callee.</summary>
/// <param name="AllowsByDefault">For callers without a policy.</param>
/// <param name="Policies">By caller: exactly one app id and namespace each, there are no patterns.</param>
public sealed record AccessControl(bool AllowsByDefault, IReadOnlyList<AccessPolicy> Policies)
{
    /// <summary>Whether a caller may do this.</summary>
    public bool Allows(string app, string space, string verb, string path)
    {
        var policy = Policies.FirstOrDefault(policy => policy.AppId == app && policy.Namespace == space);
        if (policy is null)
        {
            return AllowsByDefault;
        }

        return policy.Operations.FirstOrDefault(operation => operation.Covers(verb, path))?.Allows ?? policy.AllowsByDefault;
    }
}

/// <summary>What one caller may do.</summary>
/// <param name="AppId">Of the caller.</param>
/// <param name="Namespace">Of the caller.</param>
/// <param name="AllowsByDefault">For operations that are not listed.</param>
/// <param name="Operations">The first that covers a request decides.</param>
public sealed record AccessPolicy(string AppId, string Namespace, bool AllowsByDefault, IReadOnlyList<AccessOperation> Operations);

/// <summary>A group of requests.</summary>
/// <param name="Name">Path; a segment <c>*</c> stands for one, <c>**</c> for any number. Letter case does not matter.</param>
/// <param name="Verbs">HTTP methods; <c>*</c> for all.</param>
/// <param name="Allows">Whether they are let through.</param>
public sealed record AccessOperation(string Name, IReadOnlyList<string> Verbs, bool Allows = true)
{
    /// <summary>Whether a request belongs to the group.</summary>
    public bool Covers(string verb, string path) =>
        Verbs.Any(known => known == "*" || string.Equals(known, verb, StringComparison.OrdinalIgnoreCase)) && Covers(Segments(Name), Segments(path));

    private static bool Covers(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty)
        {
            return path.IsEmpty;
        }

        if (pattern[0] == "**")
        {
            for (var skipped = 0; skipped <= path.Length; skipped++)
            {
                if (Covers(pattern[1..], path[skipped..]))
                {
                    return true;
                }
            }

            return false;
        }

        return !path.IsEmpty && (pattern[0] == "*" || string.Equals(pattern[0], path[0], StringComparison.OrdinalIgnoreCase))
            && Covers(pattern[1..], path[1..]);
    }

    private static string[] Segments(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A call on which a callee's sidecar has decided.</summary>
/// <param name="Caller">App id.</param>
/// <param name="Callee">App id.</param>
/// <param name="Verb">HTTP method.</param>
/// <param name="Path">Route, decoded and cleaned.</param>
/// <param name="IsAllowed">Whether the app was given it.</param>
public sealed record CheckedCall(string Caller, string Callee, string Verb, string Path, bool IsAllowed);
