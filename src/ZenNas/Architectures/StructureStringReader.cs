namespace ZenNas.Architectures;

/// <summary>Reads one block after another from a structure string, left to right, without backtracking.</summary>
internal ref struct StructureStringReader(ReadOnlySpan<char> text)
{
    private const int LongestName = 32;
    private const int LongestExcerpt = 24;
    private readonly ReadOnlySpan<char> _text = text.Trim();
    private int _position;

    public readonly bool AtEnd => _position == _text.Length;

    /// <summary>Reads <c>Name(args)</c>; <paramref name="number"/> counts blocks from 1, for messages.</summary>
    public (int InputChannels, Block Block) ReadBlock(int number)
    {
        var start = _position;
        var open = _text[_position..].IndexOf('(');
        var name = open < 0 ? _text[_position..] : _text.Slice(_position, open);
        if (open < 0 || name.Length > LongestName)
        {
            throw Unexpected(number, start, $"'{Excerpt.Of(name, LongestExcerpt)}'", "a block name and '('");
        }

        _position += open + 1;
        SkipBlockName();
        Span<int> arguments = stackalloc int[6];
        var count = 0;
        do
        {
            if (count == arguments.Length)
            {
                throw Unexpected(number, _position, "a further argument", "at most 5 arguments");
            }

            arguments[count++] = ReadNumber(number);
        }
        while (ReadSeparator(number));

        try
        {
            return (arguments[0], Create(number, start, name, arguments[..count]));
        }
        catch (InvalidInputException e) when (!e.Message.StartsWith("structure string", StringComparison.Ordinal))
        {
            throw new InvalidInputException($"structure string, block {number}: {e.Message}", e);
        }
    }

    private void SkipBlockName()
    {
        var rest = _text[_position..];
        var bar = rest[..Math.Min(rest.Length, 256)].IndexOfAny('|', ')', '(');
        if (bar >= 0 && rest[bar] == '|')
        {
            _position += bar + 1;
        }
    }

    private int ReadNumber(int number)
    {
        var start = _position;
        long value = 0;
        while (!AtEnd && char.IsAsciiDigit(_text[_position]) && value <= int.MaxValue)
        {
            value = 10 * value + (_text[_position++] - '0');
        }

        if (_position == start || value > int.MaxValue)
        {
            throw Unexpected(number, start, Found(start), $"a whole number from 0 to {int.MaxValue}");
        }

        return (int)value;
    }

    private bool ReadSeparator(int number)
    {
        var found = AtEnd ? '\0' : _text[_position];
        if (found is not (',' or ')'))
        {
            throw Unexpected(number, _position, Found(_position), "',' or ')'");
        }

        _position++;
        return found == ',';
    }

    private static Block Create(int number, int start, ReadOnlySpan<char> name, ReadOnlySpan<int> a)
    {
        Guard.InRange(a[0], 1, Limits.Width, "input channels");
        if (TryKernel(name, "SuperConvK", "BNRELU", out var kernel) && kernel is 1 or 3 or 5 or 7)
        {
            Expect(number, name, a, 4, "in,out,stride,n");
            return new ConvolutionBlock(kernel, a[1], a[2], a[3]);
        }

        if (TryKernel(name, "SuperResK1K", "K1", out kernel) && kernel is 3 or 5 or 7)
        {
            Expect(number, name, a, 5, "in,out,stride,b,n");
            return new BottleneckBlock(kernel, a[1], a[2], a[3], a[4]);
        }

        if (name is "SuperResK3K3" or "SuperResK5K5" or "SuperResK7K7")
        {
            Expect(number, name, a, 5, "in,out,stride,b,n");
            return new BasicBlock(name[^1] - '0', a[1], a[2], a[3], a[4]);
        }

        if (name.Length == 15 && name.StartsWith("SuperResIDWE") && name[13] == 'K' && name[12] is '1' or '2' or '4' or '6' && name[14] is '3' or '5' or '7')
        {
            Expect(number, name, a, 5, "in,out,stride,b,n");
            return new InvertedBottleneckBlock(name[12] - '0', name[14] - '0', a[1], a[2], a[3], a[4]);
        }

        throw Unexpected(
            number, start, $"block name '{Excerpt.Of(name, LongestExcerpt)}'",
            "SuperConvK{1,3,5,7}BNRELU, SuperResK{k}K{k}, SuperResK1K{k}K1 or SuperResIDWE{1,2,4,6}K{k} with k = 3, 5 or 7");
    }

    private static bool TryKernel(ReadOnlySpan<char> name, string before, string after, out int kernel)
    {
        var matches = name.Length == before.Length + 1 + after.Length && name.StartsWith(before) && name.EndsWith(after);
        kernel = matches ? name[before.Length] - '0' : 0;
        return matches;
    }

    private static void Expect(int number, ReadOnlySpan<char> name, ReadOnlySpan<int> arguments, int count, string signature)
    {
        if (arguments.Length != count)
        {
            throw new InvalidInputException(
                $"structure string, block {number}: {name} has {arguments.Length} arguments; allowed is {name}({signature})");
        }
    }

    private readonly string Found(int at) => at >= _text.Length ? "the end" : $"'{Excerpt.Of(_text[at..], LongestExcerpt)}'";

    private static InvalidInputException Unexpected(int number, int position, string found, string allowed) =>
        new($"structure string, block {number}, character {position + 1}: found {found}; allowed is {allowed}");
}
