using System.Reflection;

namespace BigPanda.Benchmarks.Servers;

/// <summary>Selects some of the app's function classes for the local host.</summary>
internal sealed class FunctionSelection(params Type[] types) : Assembly
{
    public override Type[] GetExportedTypes() => types;
}
