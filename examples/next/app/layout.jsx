import Link from 'next/link';
import { Consent } from './consent.jsx';

export const metadata = { title: 'Shop', icons: { icon: 'data:,' } };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <nav>
          <Link id="home" href="/">Home</Link> <Link id="about" href="/about">About</Link>
        </nav>
        {children}
        <Consent />
      </body>
    </html>
  );
}
