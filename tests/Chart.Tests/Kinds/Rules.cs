using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace P2PCloud.Chart.Tests.Kinds;

/// <summary>The field, or each entry of it where it is a list, is one of some words.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute(params string[] words) : ValidationAttribute
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value switch
    {
        null => true,
        IEnumerable<string> several => several.All(words.Contains),
        _ => words.Contains(value),
    };
}

/// <summary>Checks what the types of this folder say about their fields beyond names: which are required, and what they may be.</summary>
internal static class Rules
{
    /// <exception cref="ValidationException">A field is missing, or has a value that it cannot have; says where.</exception>
    public static void Check(object document) => Check(document, document.GetType().Name);

    private static void Check(object part, string path)
    {
        foreach (var property in part.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var value = property.GetValue(part);
            var here = $"{path}.{property.Name}";
            foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
            {
                rule.Validate(value, here);
            }

            foreach (var child in ChildrenOf(value))
            {
                Check(child, here);
            }
        }
    }

    /// <summary>Parts whose types have rules of their own.</summary>
    private static IEnumerable<object> ChildrenOf(object? value)
    {
        var parts = value switch
        {
            IDictionary map => map.Values.Cast<object>(),
            IEnumerable list and not string => list.Cast<object>(),
            null => [],
            _ => [value],
        };
        return parts.Where(part => part.GetType().Namespace == typeof(Rules).Namespace);
    }
}
